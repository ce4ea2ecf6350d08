"""Who is to be whose liaison, as a form sends it. Lists of people are checked by the action."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from werkzeug.datastructures import MultiDict

Who = tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class Named:
    """`who`: (person | member, id), None where nobody was chosen. `from_day`: today unless said."""

    who: Who | None
    from_day: date
    agreed: bool
    beyond: bool


def named(form: Mapping[str, str], today: date) -> Named:
    """What a form says, nothing of it checked but its shape."""
    from_day = today
    with suppress(ValueError):
        from_day = date.fromisoformat(form.get("from", ""))
    return Named(who_of(form.get("holder", "")), from_day, "agreed" in form, "beyond" in form)


def who_of(code: str) -> Who | None:
    """person:…, member:… -> its kind and id; None for anything else."""
    kind, _colon, written = code.partition(":")
    if kind not in ("person", "member"):
        return None
    with suppress(ValueError):
        return kind, UUID(written)
    return None


def chosen_members(form: MultiDict[str, str]) -> list[UUID]:
    """The members ticked; what is no id is left out."""
    found = []
    for written in form.getlist("member"):
        with suppress(ValueError):
            found.append(UUID(written))
    return found
