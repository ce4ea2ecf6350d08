"""What may be said of a move: the list of its reasons, and a place at district level only.

Sources: domain MOB-8 (categories seen) and MOB-12 with section 5: city or district, said by the
person, no address. Kept as they are written here; pages have the words of each language.
"""

import re
import unicodedata
from typing import Final

REASONS: Final = (
    "务工",
    "经商",
    "务农",
    "季节性转场放牧",
    "求学",
    "毕业待业",
    "退役返乡",
    "下岗失业",
    "原单位改制或关闭",
    "所在企业没有党组织",
    "离退休",
    "随子女或家属居住",
    "拆迁搬迁",
    "其他",
)
"""One main reason; several may apply, and the one that moved them is chosen (MOB-8)."""
ACTIVITIES: Final = ("务工", "经商", "务农", "放牧", "求学", "照顾家人", "休养", "其他")
_NUMBER: Final = r"[0-9一二三四五六七八九十百甲乙丙]+"
_DOOR: Final = re.compile(
    rf"{_NUMBER}(?:栋|棟|幢|座|单元|單元|室|弄|层|層)"
    rf"|[路街道巷弄里村]\S{{0,8}}?{_NUMBER}[号號]"
    r"|(?:\d-?){7,}"
)


def is_too_exact(place: str) -> bool:
    """Whether a place is written down to the house, or holds a telephone number."""
    return _DOOR.search("".join(unicodedata.normalize("NFKC", place).split())) is not None
