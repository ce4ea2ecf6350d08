"""A ledger in words: title, definition, columns and cells, for the page and for files alike."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

from flask import Flask
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from service.papers import Paper, pdf
from service.spreadsheets import Sheet, workbook
from service.words import AFFILIATION_WORDS
from service.written import BEIJING, moment, partial_day
from tenants.exports.lookups import Wish
from tenants.mobility.ledgers import LedgerLine
from workers.jobs.write_ledger import WRITER

Said = Callable[[int, int], None]

TITLES: Final = {
    "inflow": _l("流入党员台账"),
    "outflow": _l("流出党员台账"),
    "register": _l("党员花名册"),
}
DEFINITIONS: Final = {
    "inflow": _l("每次流入一行，含已经离开的；一个人来过几次就有几行。来自何处只到区县。"),
    "outflow": _l("每次流出一行，含已经返回的；一个人外出几次就有几行。去往何处只到区县。"),
    "register": _l("名册里登记的每个人一行，组织关系在本社区的和流入的都在内；已转走的不在内。"),
}
FORM_WORDS: Final = {"xlsx": "Excel", "pdf": "PDF"}
_FIRST: Final = (_l("序号"), _l("姓名"), _l("性别"), _l("入党时间"))
_LAST: Final = (_l("联系方式"), _l("所在支部"), _l("状态"))
_BETWEEN: Final = {
    "inflow": (_l("流入时间"), _l("离开时间"), _l("原组织（到区县）")),
    "outflow": (_l("流出时间"), _l("返回时间"), _l("去向（到区县）")),
    "register": (),
}
_STATES: Final = {
    "inflow": {"open": _l("在此"), "ended": _l("已离开"), "settled": _l("已转走")},
    "outflow": {"open": _l("在外"), "ended": _l("已返回"), "settled": _l("在外定居")},
    "register": AFFILIATION_WORDS,
}


def title(kind: str, tenant: str) -> str:
    """柳荫社区 流入党员台账."""
    return f"{tenant} {TITLES[kind]}"


def notes(kind: str, by: str, count: int) -> tuple[str, ...]:
    """What a reader must know of the sheet: what a line is, of when, made by whom."""
    return (
        str(DEFINITIONS[kind]),
        _("联系方式只显示后四位。"),
        _(
            "%(moment)s 由 %(who)s 导出，共 %(n)s 行。仅供本单位工作使用，请勿转发。",
            moment=_now(),
            who=by,
            n=count,
        ),
    )


def columns(kind: str) -> list[str]:
    """The headings."""
    return [str(word) for word in (*_FIRST, *_BETWEEN[kind], *_LAST)]


def cells(kind: str, lines: Sequence[LedgerLine]) -> list[list[str]]:
    """A row of texts per line, under `columns`."""
    return [[str(number), *_cells(kind, line)] for number, line in enumerate(lines, 1)]


def mark(tenant: str, by: str) -> str:
    """What stands across every page: whose it is, who took it along, when."""
    return _("%(tenant)s %(who)s %(moment)s 导出", tenant=tenant, who=by, moment=_now())


def written(
    kind: str,
    form: str,
    tenant: str,
    by: str,
    lines: Sequence[LedgerLine],
    said: Said = lambda done, total: None,
) -> bytes:
    """The ledger as a file of that form, in the language of whoever is asked for here."""
    rows = cells(kind, lines)
    above = notes(kind, by, len(lines))
    if form == "pdf":
        paper = Paper(
            title(kind, tenant),
            above,
            columns(kind),
            rows,
            mark=mark(tenant, by),
        )
        return pdf(paper, said)
    sheet = Sheet(
        str(TITLES[kind]),
        columns(kind),
        _counted(rows, said),
        above=(title(kind, tenant), *above),
        mark=mark(tenant, by),
    )
    return workbook([sheet])


def written_for(wish: Wish, tenant: str, by: str, lines: Sequence[LedgerLine], said: Said) -> bytes:
    """The same for a worker, who has no language: in that of the person who asked."""
    with force_locale(wish.language):
        return written(wish.kind, wish.form, tenant, by, lines, said)


def attach(app: Flask) -> None:
    app.extensions[WRITER] = written_for


def ledger_name(kind: str, form: str, tenant: str) -> str:
    """柳荫社区-流入党员台账-20261121.xlsx."""
    return f"{tenant}-{TITLES[kind]}-{datetime.now(BEIJING):%Y%m%d}.{form}"


def _now() -> str:
    return moment(datetime.now(BEIJING))


def _counted(rows: Sequence[Sequence[str]], said: Said) -> Iterator[Sequence[str]]:
    for number, row in enumerate(rows):
        if number % 500 == 0:
            said(number, len(rows))
        yield row


def _cells(kind: str, line: LedgerLine) -> list[str]:
    moved = (
        []
        if kind == "register"
        else [
            partial_day(line.started_on, line.started_precision),
            partial_day(line.ended_on, line.ended_precision) if line.ended_on else "",
            line.other_place,
        ]
    )
    return [
        line.name,
        line.sex,
        partial_day(line.joined_on, line.joined_precision),
        *moved,
        line.masked_phone,
        line.branch,
        str(_STATES[kind][line.state]),
    ]
