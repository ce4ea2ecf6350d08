"""Figures in words and cells: for pages, workbooks and print alike."""

from datetime import date
from typing import Final

from flask_babel import gettext as _

from service.papers import Paper
from service.spreadsheets import Sheet
from service.words import FIGURE_WORDS, day
from tenants.oversight.tables import ORGANISATIONS, PEOPLE, Line, Table

HIDDEN: Final = "*"
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


def cells(about: str, table: Table) -> list[list[str]]:
    """The rows of a table of figures: townships with their tenants below them, then the sum."""
    lines = [line for group in table.groups for line in (group.total, *_below(group.tenants))]
    age = "oldest_unserved_days" if about == "people" else "oldest_request_days"
    rows = [
        [line.name, *(number(line, name) for name in ABOUT[about]), oldest(line[age])]
        for line in [*lines, table.total]
    ]
    rows[-1][0] = _("合计")
    return rows


def sheet(name: str, about: str, table: Table, on: date) -> Sheet:
    """A table of figures for a workbook, what each of them counts below it."""
    above = [name, *notes(on)]
    return Sheet(name, columns(about), cells(about, table), above=above, below=definitions(about))


def paper(name: str, about: str, table: Table, on: date) -> Paper:
    """The same on paper, what each of them counts above it."""
    return Paper(
        name,
        [*notes(on), *definitions(about)],
        columns(about),
        cells(about, table),
        mark=_("%(name)s 截至 %(day)s", name=name, day=day(on)),
    )


def definitions(about: str) -> list[str]:
    """Each figure with what it counts, for the lines under a workbook's table."""
    return [f"{FIGURE_WORDS[name][0]}：{FIGURE_WORDS[name][1]}" for name in ABOUT[about]]


def _below(tenants: tuple[Line, ...]) -> tuple[Line, ...]:
    """Without the office itself: its own figures are in the sum and nowhere else."""
    return tuple(each for each in tenants if each.level == "community")
