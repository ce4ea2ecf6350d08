"""Liaisons (联系人): who needs one, when one has in truth nobody any more, and how many one may have.

Sources: domain LIA-1 (one named person for each member who is away, for long), LIA-2 (a cap on the
load, from the rule pack), section 7 (contact duty: orphaned). Pure. Nobody is assigned by rule.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from tenants.errors import Conflict, InvalidInput

NEEDS: Final = ("outflow", "inflow")
"""Why somebody ought to have a liaison: away from here, or come from elsewhere and placed here."""
GONE: Final = ("no_standing", "left", "away", "untraced")
"""Why a liaison has nobody behind it: the person works here no longer, or the member who agreed to
be one left, is away themselves, or cannot be reached."""
UNDO_WITHIN: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Keeper:
    """What is known of whoever is somebody's liaison. `works_here` only of people who sign in."""

    kind: str
    works_here: bool = False
    has_left: bool = False
    is_away: bool = False
    is_untraced: bool = False


def need(affiliation: str, is_away: bool, has_branch: bool) -> str:
    """One of NEEDS, or '' for somebody whom no rule gives a liaison."""
    if affiliation == "affiliated" and is_away:
        return "outflow"
    return "inflow" if affiliation == "incoming" and has_branch else ""


def gone(keeper: Keeper) -> str:
    """One of GONE, or '' while the liaison can do what it is for."""
    if keeper.kind == "person":
        return "" if keeper.works_here else "no_standing"
    if keeper.has_left:
        return "left"
    if keeper.is_untraced:
        return "untraced"
    return "away" if keeper.is_away else ""


def is_over(load: int, most: int | None) -> bool:
    """Whether somebody is the liaison of more members than the rule pack says."""
    return most is not None and load > most


def check_load(load: int, more: int, most: int | None, beyond: bool) -> None:
    """Raises Conflict when `more` would go over the cap and nobody said that it shall."""
    if most is not None and load + more > most and not beyond:
        raise Conflict(
            "这个人已联系 %(load)s 名党员，再加 %(more)s 名就超过规则包说的每人最多 %(most)s 名。"
            "确实要这样，请勾选“超过也这样指定”。",
            load=load,
            more=more,
            most=most,
        )


def check_day(from_day: date, today: date) -> None:
    """Raises InvalidInput for a day that has not come."""
    if from_day > today:
        raise InvalidInput("日期还没有到，请核对。")


def check_undo(made_at: datetime, now: datetime) -> None:
    """Raises Conflict when it is too late to take it back in one step."""
    if now - made_at > UNDO_WITHIN:
        raise Conflict("只能在一天之内撤销。之后请重新指定。")
