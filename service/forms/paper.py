"""Outcomes from the printed list: a row per person, many rows in one go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _

from service.forms.visits import DID
from tenants.visits.actions import VisitDraft


@dataclass
class PaperRow:
    """What was typed for one person; `fault` says why it cannot be."""

    member_id: UUID
    did: str = ""
    on: str = ""
    next_on: str = ""
    fault: str = ""

    def draft(self, kind: str) -> VisitDraft | None:
        """The visit, or None with `fault` set."""
        try:
            on = date.fromisoformat(self.on)
            next_on = date.fromisoformat(self.next_on) if self.next_on else None
        except ValueError:
            self.fault = _("请填完整的日期。")
            return None
        if self.did not in DID:
            self.fault = _("请从列出的选项里选。")
            return None
        outcome, way, _words = DID[self.did]
        return VisitDraft(self.member_id, on, outcome=outcome, way=way, kind=kind, next_on=next_on)


@dataclass
class TalkRow:
    """What was typed for one address of a first talk; `fault` says why it cannot be."""

    talk_id: UUID
    did: str = ""
    on: str = ""
    next_on: str = ""
    fault: str = ""

    def days(self, today: date) -> tuple[date, date | None] | None:
        """(when it was, when to come again), or None with `fault` set."""
        try:
            on = date.fromisoformat(self.on)
            again = date.fromisoformat(self.next_on) if self.next_on else None
        except ValueError:
            self.fault = _("请填完整的日期。")
            return None
        if on > today:
            self.fault = _("走访的日期还没有到，请核对。")
            return None
        return on, again


def talk_rows_of(form: Mapping[str, str], today: date) -> dict[UUID, TalkRow]:
    """Every address at which something was said, in the order of the form; at most 500.

    Fields: said-<talk>, on-<talk> (else the day at the top), next-<talk>.
    """
    found: dict[UUID, TalkRow] = {}
    top = form.get("on", "") or today.isoformat()
    for name, did in form.items():
        if not did or not name.startswith("said-"):
            continue
        key = name.removeprefix("said-")
        try:
            talk_id = UUID(key)
        except ValueError:
            continue
        found[talk_id] = TalkRow(
            talk_id, did, form.get(f"on-{key}", "") or top, form.get(f"next-{key}", "")
        )
        if len(found) == 500:
            break
    return found


def rows_of(form: Mapping[str, str], today: date) -> dict[UUID, PaperRow]:
    """Every row in which an outcome was chosen, in the order of the form; at most 500.

    Fields: did-<member>, on-<member> (else the day at the top), next-<member>.
    """
    found: dict[UUID, PaperRow] = {}
    top = form.get("on", "") or today.isoformat()
    for name, did in form.items():
        if not did or not name.startswith("did-"):
            continue
        key = name.removeprefix("did-")
        try:
            member_id = UUID(key)
        except ValueError:
            continue
        found[member_id] = PaperRow(
            member_id, did, form.get(f"on-{key}", "") or top, form.get(f"next-{key}", "")
        )
        if len(found) == 500:
            break
    return found
