"""One's own figures as a file: each with its definition, the parts of the whole, what was reported."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from service import reported
from service.figures import FIGURE_WORDS, HIDDEN, as_numbers, notes, number
from service.papers import Paper, Part
from service.spreadsheets import Sheet
from service.written import moment
from tenants.oversight.breakdowns import Breakdown
from tenants.oversight.lookups import Month
from tenants.oversight.tables import FIGURES, Line

KIND_WORDS: Final = {"age": _l("年龄"), "sex": _l("性别"), "residence": _l("住处")}
PART_WORDS: Final = {
    "under_50": _l("50 岁以下"),
    "50_to_59": _l("50 至 59 岁"),
    "60_and_over": _l("60 岁及以上"),
    "f": _l("女"),
    "m": _l("男"),
    "inside": _l("住在本社区"),
    "outside": _l("住在外面"),
    "unknown": _l("不详"),
}
MONTH_WORDS: Final = {
    "outflow": _l("流出"),
    "inflow": _l("流入"),
    "departed": _l("外出"),
    "returned": _l("返回"),
    "arrived": _l("到来"),
    "present": _l("在本地"),
    "served": _l("已联系服务"),
}


def counted_when(line: Line, on: date) -> str:
    """Of when the figures are, and how many of those present might not be: nobody said."""
    if line.counted_at is None:
        return _("还没有统计过")
    if line.level == "community":
        return _(
            "统计于 %(moment)s。在本地的党员中，%(n)s 人的住处没有登记。",
            moment=moment(line.counted_at),
            n=line["present_unsaid"] or 0,
        )
    return f"{_('统计于 %(moment)s。', moment=moment(line.counted_at))} {notes(on)[1]}"


def paper(
    line: Line,
    parts: Sequence[Breakdown],
    months: Sequence[Month],
    told: reported.Compared,
    on: date,
    mark: str,
) -> Paper:
    """All of it on paper, table below table."""
    further = []
    if parts:
        columns = [_("按什么分"), _("分项"), _("合计")]
        further.append(Part(_("直管党员的构成"), (), columns, _in_one_line(parts), (2,)))
    if months:
        rows = _month_rows(months)
        numbers = range(1, len(MONTH_WORDS) + 1)
        further.append(Part(_("一年来的走势"), (_later(months),), _month_columns(), rows, numbers))
    if told.lines:
        further.append(reported.part(told))
    return Paper(
        title(line),
        [
            _("四个数各数各的，不相互代替：直管、在本地、已联系服务、双报到。"),
            counted_when(line, on),
        ],
        _figure_columns(),
        _figure_rows(line),
        mark=mark,
        numbers=(1,),
        further=further,
    )


def sheets(
    line: Line,
    parts: Sequence[Breakdown],
    months: Sequence[Month],
    told: reported.Compared,
    on: date,
    mark: str,
) -> list[Sheet]:
    """The same, a sheet each."""
    above = (title(line), counted_when(line, on), mark)
    rows = as_numbers(_figure_rows(line))
    found = [Sheet(_("数字"), _figure_columns(), rows, above=above, mark=mark)]
    if parts:
        name = _("直管党员的构成")
        rows = as_numbers(_part_rows(parts))
        found.append(Sheet(name, _part_columns(), rows, above=(name,), mark=mark))
    if months:
        name = _("一年来的走势")
        rows = as_numbers(_month_rows(months))
        found.append(Sheet(name, _month_columns(), rows, above=(name, _later(months)), mark=mark))
    if told.lines:
        found.append(reported.sheet(told, mark=mark))
    return found


def title(line: Line) -> str:
    """老槐社区 数字, 截至哪一天在下一行."""
    return f"{line.name} {_('数字')}"


def _figure_columns() -> list[str]:
    return [_("是什么"), _("多少"), _("数的是什么")]


def _figure_rows(line: Line) -> list[list[str]]:
    return [
        [str(FIGURE_WORDS[key][0]), number(line, key), str(FIGURE_WORDS[key][1])] for key in FIGURES
    ]


def _in_one_line(parts: Sequence[Breakdown]) -> list[list[str]]:
    """What is told apart by one thing stays together on paper, and adds up where one can see it."""
    return [
        [
            str(KIND_WORDS[each.kind]),
            _("，").join(f"{PART_WORDS[part]}{_('：')}{people}" for part, people in each.parts),
            str(each.total),
        ]
        for each in parts
    ]


def _part_columns() -> list[str]:
    return [_("按什么分"), _("分项"), _("人数")]


def _part_rows(parts: Sequence[Breakdown]) -> list[list[str]]:
    rows = []
    for each in parts:
        rows += [
            [str(KIND_WORDS[each.kind]), str(PART_WORDS[part]), str(people)]
            for part, people in each.parts
        ]
        rows.append([str(KIND_WORDS[each.kind]), _("合计"), str(each.total)])
    return rows


def _month_columns() -> list[str]:
    return [_("月份"), *map(str, MONTH_WORDS.values())]


def _month_rows(months: Sequence[Month]) -> list[list[str]]:
    return [
        [
            _("%(year)s年%(month)s月", year=month.last_day.year, month=month.last_day.month),
            *(
                HIDDEN if (count := getattr(month, name)) is None else str(count)
                for name in MONTH_WORDS
            ),
        ]
        for month in months
    ]


def _later(months: Sequence[Month]) -> str:
    own = _("只和自己比，不和别的单位比。")
    if any(month.later for month in months):
        return f"{own} {_('过去的月份是按现在的记录补算的；没有写明日期的，算作一直如此。')}"
    return own


def file_name(line: Line, on: date) -> str:
    """老槐社区-数字-20261122, without its ending."""
    return f"{line.name}-{_('数字')}-{on:%Y%m%d}"
