"""Asking for an assignment: for whom, by which place, how far."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, SelectChoice
from wtforms.validators import InputRequired, NumberRange

from tenants.matching.assignments.actions import FARTHEST_METRES

WHOM_CHOICES = (
    ("waiting", _l("等待安排的流入党员")),
    ("incoming", _l("全部流入党员")),
    ("everybody", _l("全部党员，含组织关系在本社区的")),
)
BASIS_CHOICES = (
    ("nearer", _l("住处或工作地点中较近的")),
    ("home", _l("住处")),
    ("work", _l("工作地点")),
)
_REACH = _l("请填 1 到 500000 之间的整数（米）。")


class AssignmentForm(FlaskForm):
    """What `start_run` takes."""

    whom = RadioField(
        _l("为谁安排"),
        choices=[SelectChoice(*choice) for choice in WHOM_CHOICES],
        default="waiting",
    )
    basis = RadioField(
        _l("按哪个地点计算"),
        choices=[SelectChoice(*choice) for choice in BASIS_CHOICES],
        default="nearer",
    )
    reach_metres = IntegerField(
        _l("可及范围（米）"),
        validators=[InputRequired(_REACH), NumberRange(1, FARTHEST_METRES, _REACH)],
    )
    keep_placed = BooleanField(_l("已编入支部的人保持不变"), default=True)
