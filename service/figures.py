"""Figures in words and cells: for pages, workbooks and print alike."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from service import reported
from service.papers import Paper
from service.spreadsheets import Sheet
from service.written import day
from tenants.oversight.tables import ORGANISATIONS, PEOPLE, Line, Table

HIDDEN: Final = "*"
FIGURE_WORDS: Final = {
    "affiliated": (_l("直管"), _l("组织关系在这里、没有转走的党员。双报到的不算在内。")),
    "outflow": (_l("流出"), _l("直管党员中，有一次流出还没有结束的，每人只计一次。")),
    "outside": (_l("住在外面"), _l("直管党员中，住处登记在外面的；其中有的同时登记了流出。")),
    "untraced": (_l("失联"), _l("直管党员中，联系不上、已列入查找的。")),
    "inflow": (_l("流入"), _l("从别处来、现在在这里的党员，组织关系不在这里，每人只计一次。")),
    "present": (
        _l("在本地"),
        _l("直管党员减去流出的、住在外面的和失联的，再加上流入的。住处没有登记的，算在本地。"),
    ),
    "served": (
        _l("已联系服务"),
        _l("在本地的党员中，在规定的联系间隔内确实联系上或参加过活动的。签字、尝试联系都不算。"),
    ),
    "reported_in": (_l("双报到"), _l("组织关系在单位、到居住地社区报到的党员，不计入以上各数。")),
    "waiting": (_l("等待编入"), _l("流入党员中，正在匹配或已有建议、还没有编入支部的。")),
    "unserved": (_l("无人接收"), _l("流入党员中，系统没有找到可以接收的支部的。")),
    "overdue": (
        _l("逾期未联系"),
        _l("流出党员中，按规则包应当联系而过了期限的。规则包没有规定的，无从计算。"),
    ),
    "letters_near_expiry": (
        _l("快到期的介绍信"),
        _l("开出以后还没有出示、也没有办结，14 天之内到期的组织关系介绍信，每封一个。"),
    ),
    "requests_open": (_l("未办结的诉求"), _l("已登记、还没有办结的服务诉求。")),
    "branches": (_l("支部"), _l("今天开放的支部。")),
    "branches_below_three": (
        _l("不足 3 人的支部"),
        _l("今天开放的支部中，名册上编入不足 3 人的。"),
    ),
    "branches_above_fifty": (
        _l("超过 50 人的支部"),
        _l("今天开放的支部中，名册上编入超过 50 人的。"),
    ),
    "branches_without_officer": (
        _l("没有委员的支部"),
        _l("今天开放的支部中，系统里没有支部委员的。"),
    ),
    "branches_without_liaison": (
        _l("没有联系人的支部"),
        _l("今天开放的支部中，没有指定联系人的，或者联系人已不在任、已转走、在外、失联的。"),
    ),
    "cells_without_leader": (_l("没有网格长的网格"), _l("今天的网格中，没有网格长的。")),
    "stations": (_l("站点"), _l("今天开放的服务站、服务中心。")),
}
"""Figure -> its name and what it counts."""
ABOUT: Final = {"people": PEOPLE, "organisations": ORGANISATIONS}


def number(line: Line, figure: str) -> str:
    """A figure as it may be shown; a dash where nobody can say it."""
    if figure in line.hidden:
        return HIDDEN
    value = line[figure]
    return "—" if value is None else str(value)


def oldest(days: int | None) -> str:
    """An age in days, empty where nothing waits."""
    if days is None:
        return ""
    return _("%(n)s 天", n=days) if days else _("今天")


def notes(on: date) -> list[str]:
    """What has to be known to read the figures."""
    return [
        _("截至 %(day)s。乡镇（街道）一行是它和所辖社区的合计。", day=day(on)),
        _("*：人数很少，或者由它可以推算出很少的人数，所以不显示。—：无从计算，或还没有统计。"),
    ]


def columns(about: str) -> list[str]:
    """Headings of a table of figures."""
    last = _("最久未接收") if about == "people" else _("最久未办结")
    return [_("单位"), *(str(FIGURE_WORDS[name][0]) for name in ABOUT[about]), last]


def cells(about: str, table: Table, *, indented: str = "") -> list[list[str]]:
    """The rows of a table of figures: townships with their tenants below them, then the sum.

    `indented`: what stands before the name of a tenant below a sum.
    """
    lines = [
        (_name(group.total, line, indented), line)
        for group in table.groups
        for line in (group.total, *_below(group.tenants))
    ]
    age = "oldest_unserved_days" if about == "people" else "oldest_request_days"
    return [
        [name, *(number(line, figure) for figure in ABOUT[about]), oldest(line[age])]
        for name, line in [*lines, (_("合计"), table.total)]
    ]


def as_numbers(rows: Sequence[Sequence[str]]) -> list[list[str | int]]:
    """Rows for a workbook: what is a count is a number there, so that it can be added up."""
    return [[int(cell) if cell.isdecimal() else cell for cell in row] for row in rows]


def title(name: str, about: str) -> str:
    """云汀区 各社区的数字：人员."""
    return _(
        "%(name)s 各社区的数字：%(about)s",
        name=name,
        about=_("人员") if about == "people" else _("组织"),
    )


def sheets(
    name: str, about: str, table: Table, told: reported.Compared, on: date, mark: str
) -> list[Sheet]:
    """A table of figures for a workbook, what each of them counts below it; what was reported."""
    first = Sheet(
        name,
        columns(about),
        as_numbers(cells(about, table)),
        above=[title(name, about), *notes(on), mark],
        below=definitions(about),
        mark=mark,
    )
    return [first, reported.sheet(told, mark=mark)] if told.lines else [first]


def paper(
    name: str, about: str, table: Table, told: reported.Compared, on: date, mark: str
) -> Paper:
    """The same on paper, what each of them counts above it. `mark`: who took it along, and when."""
    return Paper(
        title(name, about),
        [*notes(on), *definitions(about)],
        columns(about),
        cells(about, table, indented="\u3000"),
        mark=mark,
        numbers=range(1, len(columns(about))),
        further=[reported.part(told)] if told.lines else [],
    )


def definitions(about: str) -> list[str]:
    """Each figure with what it counts, for the lines under a workbook's table."""
    return [f"{FIGURE_WORDS[name][0]}：{FIGURE_WORDS[name][1]}" for name in ABOUT[about]]


def _name(total: Line, line: Line, indented: str) -> str:
    if line is not total:
        return f"{indented}{line.name}"
    return f"{line.name} {_('本级')}" if line.level == "county" else line.name


def _below(tenants: tuple[Line, ...]) -> tuple[Line, ...]:
    """Without the office itself: its own figures are in the sum and nowhere else."""
    return tuple(each for each in tenants if each.level == "community")
