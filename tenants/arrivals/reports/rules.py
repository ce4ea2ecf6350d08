"""What a self-report holds and how it is verified. Pure. Source: domain REG-2, REG-15, REG-16."""

from dataclasses import dataclass
from datetime import date
from typing import Final

WAYS: Final = ("phone", "visit", "office", "home_branch")
"""How somebody made sure: by phone, at the door, in the office, by asking the home branch."""
DOCUMENTS: Final = (
    "none",
    "introduction_letter",
    "proof_letter",
    "activity_certificate",
    "system_transfer",
)
"""Which document was seen; none of them is kept."""
LASTS_DAYS: Final = 60
"""How long a report waits for somebody to look. Then it is deleted unread. A choice."""
MOST_WAITING: Final = 300
"""More open reports than that in one tenant are a flood, not a welcome."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the form asks for: these fields and no others (REG-2)."""

    name: str
    phone: str
    address: str
    from_place: str
    arrived_on: date | None
    joined_on: date | None

    def as_texts(self) -> dict[str, str]:
        return {
            "name": self.name,
            "phone": self.phone,
            "address": self.address,
            "from_place": self.from_place,
            "arrived_on": self.arrived_on.isoformat() if self.arrived_on else "",
            "joined_on": self.joined_on.isoformat() if self.joined_on else "",
        }

    @classmethod
    def of_texts(cls, texts: dict[str, str]) -> "Facts":
        return cls(
            texts["name"],
            texts["phone"],
            texts["address"],
            texts["from_place"],
            date.fromisoformat(texts["arrived_on"]) if texts["arrived_on"] else None,
            date.fromisoformat(texts["joined_on"]) if texts["joined_on"] else None,
        )
