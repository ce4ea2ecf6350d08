"""Reported figures in words beside ours: for pages, workbooks and paper alike.

Neither is made to agree; what can be read in two ways is told in both (domain Q1, Q2, Q9).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from service.forms.figures import REPORTED_WORDS
from service.papers import Part
from service.spreadsheets import Sheet
from service.written import day
from tenants.oversight.readings import Fit, growths, inside_or_beside
from tenants.oversight.rules import BesideComputed, Gap, Reported, Shown, beside_computed, gaps

_ORDER: Final = {key: at for at, key in enumerate(REPORTED_WORDS)}
BY_WORDS: Final = {"age": _l("年龄"), "origin": _l("来源"), "direction": _l("流入、流出")}


@dataclass(frozen=True, slots=True)
class ReportedLine:
    """A figure as the table shows it. `kind`: of the badge, empty where nothing can be compared."""

    unit: str
    what: str
    how: str
    reported: str
    computed: str
    kind: str
    compared: str

    @property
    def cells(self) -> tuple[str, ...]:
        """As a row of a file, under `columns`."""
        return self.unit, self.what, self.how, self.reported, self.computed, self.compared


@dataclass(frozen=True, slots=True)
class Compared:
    """What was reported, line by line, and what does not add up or can be read in two ways."""

    lines: tuple[ReportedLine, ...]
    gaps: tuple[str, ...]
    readings: tuple[str, ...]


def compared(
    reported: Sequence[Reported],
    lines: Mapping[int, Shown],
    further: Mapping[str, int] | None = None,
) -> Compared:
    """Of the tenants that `lines` holds, each report in the order in which the form asks.

    Arguments as in `oversight.rules.beside_computed`.
    """
    of_these = sorted((each for each in reported if each.area in lines), key=_place)
    return Compared(
        tuple(map(_line, beside_computed(of_these, lines, further))),
        tuple(map(_gap, gaps(of_these))),
        (*_insides(of_these), *_growths(of_these)),
    )


def key_words(key: str) -> str:
    """What a figure is; its key where an older release kept one that has no words."""
    return str(REPORTED_WORDS.get(key, key))


def columns() -> list[str]:
    """Headings of the table in a file."""
    return [_("单位"), _("是什么"), _("怎么读"), _("上报"), _("系统计算"), _("比较")]


def about() -> str:
    """What has to be known to read the table."""
    return _("上报的照原样保留，系统的按名册计算。两者不一致时都列出来，不改任何一个。")


def part(found: Compared) -> Part:
    """The table on paper, with what does not add up above it."""
    return Part(
        _("上报的数字与系统的数字"),
        [about(), *found.gaps, *found.readings],
        columns(),
        [line.cells for line in found.lines],
        numbers=(3, 4),
    )


def sheet(found: Compared, *, mark: str = "") -> Sheet:
    """The same as a sheet of a workbook."""
    above = [_("上报的数字与系统的数字"), about(), *found.gaps, *found.readings]
    rows = [line.cells for line in found.lines]
    return Sheet(_("上报的数字"), columns(), rows, above=above, mark=mark)


def _place(figure: Reported) -> tuple[int, date, int]:
    return figure.area, figure.reported_on or date.min, _ORDER.get(figure.key, len(_ORDER))


def _line(figure: BesideComputed) -> ReportedLine:
    what = key_words(figure.key)
    how = [figure.reading] if figure.reading not in ("", what) else []
    if figure.reported_on:
        how.append(_("%(day)s上报", day=day(figure.reported_on)))
    kind, words = _comparison(figure.more)
    return ReportedLine(
        figure.tenant_name,
        what,
        _("，").join(how),
        figure.value or _("空白"),
        _computed(figure),
        kind,
        words,
    )


def _computed(figure: BesideComputed) -> str:
    if figure.hidden:
        return "*"
    return _("无从计算") if figure.computed is None else str(figure.computed)


def _comparison(more: int | None) -> tuple[str, str]:
    if more is None:
        return "", ""
    if more == 0:
        return "good", _("一致")
    return "warn", _("上报多 %(n)s", n=more) if more > 0 else _("上报少 %(n)s", n=-more)


def _gap(gap: Gap) -> str:
    values = {
        "tenant": gap.tenant_name,
        "what": key_words(gap.total_key),
        "total": gap.total,
        "by": BY_WORDS[gap.by],
        "parts": gap.parts,
        "n": abs(gap.missing),
    }
    if gap.missing > 0:
        return _(
            "%(tenant)s上报的“%(what)s”是 %(total)s，按%(by)s分的几项相加是 %(parts)s，少 %(n)s。",
            **values,
        )
    return _(
        "%(tenant)s上报的“%(what)s”是 %(total)s，按%(by)s分的几项相加是 %(parts)s，多 %(n)s。",
        **values,
    )


def _insides(reported: Sequence[Reported]) -> list[str]:
    return [
        _(
            "%(tenant)s上报直管 %(ours)s、流入 %(came)s、流出 %(left)s，有两种读法：流出的含在直管内，"
            "在本地是 %(inside)s；不含，直管共 %(all)s，在本地是 %(beside)s。",
            tenant=each.tenant_name,
            ours=each.ours,
            came=each.came,
            left=each.left,
            inside=each.present_if_inside,
            all=each.ours_if_beside,
            beside=each.present_if_beside,
        )
        for each in inside_or_beside(reported)
    ]


def _growths(reported: Sequence[Reported]) -> list[str]:
    return [
        _(
            "%(tenant)s上报的增长幅度“%(value)s”，读作“增长了”：%(by)s；读作“达到上期的”：%(to)s。",
            tenant=each.tenant_name,
            value=each.value,
            by=_fits(each.grown_by),
            to=_fits(each.grown_to),
        )
        for each in growths(reported)
    ]


def _fits(fits: Sequence[Fit]) -> str:
    if not fits:
        return _("没有一个整数的上期数对得上")
    return _("、").join(
        _(
            "%(what)s %(n)s，上期是 %(before)s",
            what=key_words(fit.key),
            n=fit.number,
            before=_range(fit),
        )
        for fit in fits
    )


def _range(fit: Fit) -> str:
    if fit.first == fit.last:
        return str(fit.first)
    return _("%(first)s 到 %(last)s 之间", first=fit.first, last=fit.last)
