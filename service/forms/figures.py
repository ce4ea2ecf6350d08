"""A figure as somebody reported it."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

REPORTED_WORDS = {
    "members.total": _l("党员总数，含流动党员"),
    "members.affiliated": _l("直管党员"),
    "members.present": _l("在本地的党员"),
    "members.lives_outside": _l("居住在外的党员"),
    "members.served": _l("已联系服务的党员"),
    "members.own": _l("原有自管的党员"),
    "members.handed_over": _l("移交过来的党员"),
    "members.retired": _l("离退休党员"),
    "members.age_under_50": _l("50 岁以下"),
    "members.age_50_to_59": _l("50 至 59 岁"),
    "members.age_60_and_over": _l("60 岁及以上"),
    "members.age_known": _l("知道年龄的党员"),
    "members.reported_in": _l("双报到的党员"),
    "mobility.in": _l("流入党员"),
    "mobility.out": _l("流出党员"),
    "mobility.total": _l("流入与流出合计"),
    "mobility.growth_percent": _l("增长幅度（％）"),
    "mobility.percent_of_previous": _l("达到上期的（％）"),
    "branches.total": _l("党支部数"),
    "stations.total": _l("服务站数"),
    "cells.total": _l("网格数"),
    "groups.total": _l("党小组数"),
    "households.center": _l("党员中心户数"),
    "households.total": _l("户数"),
    "population.total": _l("人口"),
    "other": _l("其他"),
}


class ReportedFigureForm(FlaskForm):
    """The figure as it stands in the report: blank, "80,000 余" and "+158%" are all kept."""

    key = SelectField(
        _l("是什么"), choices=[SelectChoice(key, words) for key, words in REPORTED_WORDS.items()]
    )
    value = StringField(_l("上报的数字"), [Length(max=40)])
    reading = StringField(_l("怎么读这个数字"), [Length(max=300)])
    reported_on = DateField(_l("上报日期"), [Optional()])
