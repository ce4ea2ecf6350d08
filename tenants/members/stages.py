"""Full and probationary members (正式党员, 预备党员), as a roster writes it in a column of its own."""

from typing import Final

from tenants.members.roster_headers import simplified
from tenants.members.roster_texts import same_key

FULL: Final = "full"
PROBATIONARY: Final = "probationary"
_WORDS: Final = {
    **dict.fromkeys(("正式党员", "正式", "中共党员", "中共正式党员"), FULL),
    **dict.fromkeys(("预备党员", "预备", "中共预备党员", "预备期党员"), PROBATIONARY),
}
"""In simplified characters; a roster may be written in traditional ones."""


def stage_of(words: str) -> str:
    """FULL or PROBATIONARY; '' where other things are said in such a column, or nothing."""
    return _WORDS.get(simplified(same_key(words)).replace("預", "预"), "")
