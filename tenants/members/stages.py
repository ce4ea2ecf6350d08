"""Full and probationary members (正式党员, 预备党员), as far as a member's class says it.

The register keeps one class a member, the one that decides which branches may take them. Where a
roster names no other, "预备党员" stands there; whoever has another class or none counts as full.
"""

from typing import Final

from tenants.members.roster_headers import simplified
from tenants.members.roster_texts import same_key

PROBATIONARY: Final = "预备党员"
_PROBATIONARY_WORDS: Final = frozenset({"预备党员", "预备", "中共预备党员", "预备期党员"})
"""In simplified characters; a roster may be written in traditional ones."""


def is_full(class_: str) -> bool:
    """Whether a member of this class counts where full members are asked for (domain ORG-6)."""
    return simplified(same_key(class_)).replace("預", "预") not in _PROBATIONARY_WORDS
