"""What a program sends to register an arrival, judged and turned into a draft."""

from typing import Any

from flask_babel import gettext as _
from marshmallow import fields, post_load
from shapely.geometry.base import BaseGeometry

from service.api.entering import SentPerson, drafted, short_text
from service.written import metres
from tenants.arrivals.actions import ArrivalDraft
from tenants.errors import InvalidInput
from tenants.members.actions import MemberDraft
from tenants.members.typed_places import Typed, judge_ground


class Arriving(SentPerson):
    """Somebody who came. Of places and phone, whatever is known."""

    arrived_on = fields.Date(allow_none=True, metadata={"description": "哪天来的。"})
    from_place = short_text(80, "从哪里来，只到县（市、区）。", load_default="")
    reason = short_text(40, "为什么来。", load_default="")

    @post_load
    def _draft(self, sent: dict[str, Any], **kwargs: Any) -> ArrivalDraft:
        return ArrivalDraft(
            drafted(sent, "incoming"),
            arrived_on=sent.get("arrived_on"),
            from_place=sent["from_place"].strip(),
            reason=sent["reason"].strip(),
            source="api",
        )


def refuse_elsewhere(member: MemberDraft, boundary: BaseGeometry | None) -> None:
    """One place inside the tenant is enough; raises InvalidInput when all known ones lie outside.

    `fits` says under which reading it would be inside: another system, 'swapped', or ''.
    """
    places = {"home": member.home, "work": member.work}
    typed = {
        name: Typed(*place.raw, place.system)
        for name, place in places.items()
        if place is not None and place.raw is not None
    }
    found = judge_ground(typed, boundary)
    if found is None:
        return
    name, fault = found
    said = _("这个位置在本辖区以外约 %(distance)s。", distance=metres(fault.metres))
    raise InvalidInput(
        said, faults=[{"field": name, "sentence": said, "code": "outside", "fits": fault.fits}]
    )
