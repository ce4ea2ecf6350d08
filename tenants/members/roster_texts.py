"""One cell's text, phone, sex, kind or number, read without guessing."""

import math
import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from tenants.members.roster_headers import simplified
from tenants.members.roster_rows import Kind

_UNKNOWN: Final = frozenset(
    {
        "/", "\\", "-", "--", "—", "——", "?", "??", "???", "*", "**", "***",
        "无", "無", "不详", "不詳", "未知", "不明", "暂无", "暫無", "没有", "沒有",
        "n/a", "na", "null", "none", "nan",
        "#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!",
    }
)  # fmt: skip
# Controls, surrogates, and the marks that turn the direction of text: never typed by a person.
_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
# Left behind by web pages and messengers; they mean nothing and would split equal names.
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_SPACES: Final = re.compile(r"\s+")
_BETWEEN_HAN: Final = re.compile(
    r"(?<=[\u3400-\u9fff\uf900-\ufaff]) (?=[\u3400-\u9fff\uf900-\ufaff])"
)
_WRAPPED: Final = re.compile(r'="?(.*?)"?')

_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_LANDLINE: Final = re.compile(r"0\d{2,3}[2-9]\d{6,7}(?:转\d{1,6})?|[2-9]\d{6,7}|400\d{7}")
_ABROAD: Final = re.compile(r"\+(?!86)[1-9]\d{6,14}")
_PHONE_NOISE: Final = re.compile(r"[\s\-—–().·_]+")
_REMARK: Final = re.compile(r"\([^()\d]*\)")  # 13812345678(本人)
_LABEL: Final = re.compile(
    r"(?:本人|联系|移动|固定|办公|住宅)?(?:手机号码?|手机|电话号码?|电话|座机|微信同号|本人):?"
)
_OWN: Final = "本人"
_NO_PHONE: Final = frozenset(
    {"无电话", "没电话", "没有电话", "无手机", "没手机", "没有手机", "无联系电话", "无联系方式"}
)
_BETWEEN_PHONES: Final = re.compile(
    r"[/、,,;;|\n]+|(?<=\d)(?:或者?|和|及)(?=\d)|(?<=\d{11})\s+(?=\d{7})|(?<=\))\s*(?=1[3-9]\d{9})"
)
_OF_ANOTHER: Final = re.compile(
    r"[妻夫子女儿父母媳婿孙兄弟姐妹]|爱人|家属|家人|亲属|亲戚|邻居|朋友"
)

KIND_WORDS: Final[dict[str, Kind]] = {
    "在册": "affiliated", "在籍": "affiliated", "本地": "affiliated", "本社区": "affiliated",
    "直管": "affiliated", "非流动": "affiliated", "常住": "affiliated",
    "流入": "inflow", "外来": "inflow",
    "流出": "outflow", "外出": "outflow", "外流": "outflow",
    "外住": "living_outside", "在外居住": "living_outside", "居住在外": "living_outside",
    "人户分离": "living_outside",
}  # fmt: skip
_SEXES: Final = {
    "男": "男", "男性": "男", "m": "男", "male": "男", "女": "女", "女性": "女", "f": "女",
    "female": "女",
}  # fmt: skip

_DECIMAL: Final = re.compile(r"[0-9]{1,9}\.[0-9]{1,15}")  # as most are written
_DEGREES: Final = re.compile(
    r"""(?:东经|北纬|[EeNn])?\s*([+-]?\d+(?:\.\d*)?|[+-]?\.\d+)\s*°?\s*(?:东经|北纬|[EeNn])?"""
)
_SEXAGESIMAL: Final = re.compile(
    r"""(?:东经|北纬|[EeNn])?\s*(\d{1,3})\s*[°度]\s*(\d{1,2}(?:\.\d+)?)\s*['′分]\s*"""
    r"""(?:(\d{1,2}(?:\.\d+)?)\s*(?:["″秒]|''|′′))?\s*[EeNn]?"""
)


def text_of(cell: Any) -> str:
    """A cell as a person sees it: whole numbers without '.0', dates as 2015-03-01."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == datetime.min.time():
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def tidy(text: str) -> str:
    """Outer space gone, inner space single, invisible marks out; the characters stay as written."""
    if text.isprintable():  # then the only space there can be is the plain one
        return " ".join(text.split()) if " " in text else text
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    return " ".join(text.split())


def tidy_name(text: str) -> str:
    """As tidy, and 张 三 (spread to fill the column) becomes 张三."""
    text = tidy(text)
    return _BETWEEN_HAN.sub("", text) if " " in text else text


def has_control_characters(text: str) -> bool:
    """True for anything that cannot have been typed. Line breaks inside a cell can."""
    return not text.isprintable() and _CONTROL.search(text) is not None


def is_unknown(text: str) -> bool:
    """Blank, or one of the ways to say that nobody knows: /, 无, 不详, #N/A."""
    return not text or (len(text) < 9 and _says_unknown(text))


@lru_cache(maxsize=4_000)
def _says_unknown(text: str) -> bool:
    return unicodedata.normalize("NFKC", text).lower() in _UNKNOWN


def unwrapped(text: str) -> str:
    """'="0138"' and "'0138" (ways to keep a spreadsheet from counting) -> 0138."""
    text = text.strip().lstrip("'`")
    if text.startswith("="):
        matched = _WRAPPED.fullmatch(text)
        return matched[1] if matched else text
    return text


def same_key(text: str) -> str:
    """What two spellings of one thing share: width, case and spaces do not count."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(plain.split()).casefold()


@lru_cache(maxsize=2_000)
def read_kind(text: str) -> Kind | None:
    """在册, 流入党员, 已流出, 外住 ... -> its kind; None when the word is not known."""
    plain = simplified(_REMARK.sub("", same_key(text))).removesuffix("党员").removesuffix("人员")
    return KIND_WORDS.get(plain.removeprefix("已"))


@lru_cache(maxsize=200)
def read_sex(text: str) -> str | None:
    """男 or 女; '' for unknown; None when something else is written."""
    plain = same_key(text)
    return "" if is_unknown(plain) else _SEXES.get(plain)


def read_phone(text: str) -> tuple[str, bool] | None:
    """One normal form per number and whether more stood there; None when none is usable.

    13812345678 for mobiles, digits for landlines (extension after 转), +852... from abroad.
    """
    if _MOBILE.fullmatch(text) and text.isascii():
        return text, False
    plain = unwrapped(unicodedata.normalize("NFKC", text))
    closed = _SPACES.sub("", plain)
    if is_unknown(closed) or closed in _NO_PHONE:
        return "", False
    parts = [part for part in _BETWEEN_PHONES.split(plain) if part.strip()]
    # Where one of several is said to be the person's own, the others are not.
    parts.sort(key=lambda part: _OWN not in part)
    usable = [number for part in parts if (number := _one_phone(part))]
    return (usable[0], len(parts) > 1) if usable else None


def is_of_another(text: str) -> bool:
    """Whether what is written beside a phone says that it is a relative's or a neighbour's."""
    return not text.isascii() and _OWN not in text and _OF_ANOTHER.search(text) is not None


def _one_phone(text: str) -> str | None:
    plain = _INVISIBLE.sub("", _REMARK.sub("", text)).lower().replace("ext", "转")
    # 13812345678.0 is what a program leaves that took the column for numbers.
    plain = _LABEL.sub("", _PHONE_NOISE.sub("", plain.removesuffix(".0")), count=1)
    domestic = re.sub(r"^(?:\+86|0086|86(?=1[3-9]\d{9}$))", "", plain)
    is_international = plain.startswith(("+86", "0086")) and not _MOBILE.fullmatch(domestic)
    if is_international and _LANDLINE.fullmatch("0" + domestic):
        return "0" + domestic
    if _MOBILE.fullmatch(domestic) or _LANDLINE.fullmatch(domestic):
        return domestic
    abroad = re.sub(r"^00(?=[1-9])", "+", plain)
    return abroad if _ABROAD.fullmatch(abroad) else None


def read_degrees(cell: Any) -> float | None:
    """A coordinate -> float; NaN when blank or unknown; None when it is no number.

    Takes 116.39, '116.39°', 'E116.39', 116°23'28.7" and full-width forms.
    """
    if isinstance(cell, float):
        return cell if math.isfinite(cell) else None
    if isinstance(cell, str) and _DECIMAL.fullmatch(cell):
        return float(cell)
    text = unwrapped(unicodedata.normalize("NFKC", text_of(cell))).strip()
    if is_unknown(text):
        return float("nan")
    matched = _DEGREES.fullmatch(text)
    if matched:
        number = float(matched[1])
        return number if math.isfinite(number) else None
    matched = _SEXAGESIMAL.fullmatch(text.replace("’", "'").replace("”", '"'))
    if matched:
        degrees, minutes, seconds = (float(part or 0) for part in matched.groups())
        return degrees + minutes / 60.0 + seconds / 3600.0
    return None
