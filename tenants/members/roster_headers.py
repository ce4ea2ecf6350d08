"""Finding a roster's header row and what its columns mean, however the office words them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeAlias

# The header may stand below title lines, but not deeper than this.
DEEPEST_HEADER_ROW: Final = 30

SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("姓名", "党员姓名", "名字", "党员名字", "人员姓名", "name"),
    "sex": ("性别", "gender", "sex"),
    "birth": ("出生日期", "出生年月", "出生年月日", "出生时间", "生日", "birthday", "birthdate"),
    "joined": (
        "入党时间", "入党日期", "入党年月", "入党年月日", "加入党组织时间", "加入党组织日期",
        "加入中共党组织日期", "joined",
    ),
    "phone": (
        "手机", "手机号", "手机号码", "电话", "电话号码", "联系电话", "联系手机", "联系方式",
        "联系号码", "移动电话", "本人电话", "本人联系电话", "phone", "mobile", "tel", "telephone",
    ),
    "document": (
        "身份证号", "身份证号码", "身份证", "公民身份号码", "公民身份证号码", "居民身份证号",
        "居民身份证号码", "身份号码", "证件号", "证件号码", "有效证件号码", "身分证", "身分证号",
        "身分证号码", "身分证字号", "身份证字号",
    ),
    "address": (
        "住址", "现住址", "家庭住址", "家庭地址", "居住地址", "居住地", "现居住地", "现居住地址",
        "现居地", "常住地址", "详细地址", "地址", "家庭详细住址", "address",
    ),
    # X and Y are taken in this order; that a survey's X is north, the numbers show (geo.projected).
    "lon": ("经度", "住址经度", "家庭经度", "居住地经度", "东经", "lon", "lng", "longitude", "x",
            "x坐标", "坐标x", "东坐标", "横坐标"),
    "lat": ("纬度", "住址纬度", "家庭纬度", "居住地纬度", "北纬", "lat", "latitude", "y", "y坐标",
            "坐标y", "北坐标", "纵坐标"),
    "employer": (
        "工作单位", "单位", "单位名称", "所在单位", "现工作单位", "工作单位及职务", "单位及职务",
        "工作单位职务", "就业单位", "务工单位",
    ),
    "employer_address": ("工作地址", "单位地址", "工作单位地址", "工作地", "工作地点", "务工地点"),
    "work_lon": ("工作经度", "单位经度", "工作单位经度", "工作地经度", "工作地点经度"),
    "work_lat": ("工作纬度", "单位纬度", "工作单位纬度", "工作地纬度", "工作地点纬度"),
    "kind": ("流动类型", "流动型别", "流动类别", "流动情况", "流动状态", "在册情况", "类别", "类型", "人员类别"),
    "home_organisation": (
        "原所属组织", "原所属党组织", "原党组织", "原所在党组织", "原党支部", "原所在党支部",
        "原组织关系所在地", "组织关系所在地", "组织关系所在党组织", "流出地", "流出地党组织", "来源地",
    ),
    "arrived": ("流入时间", "流入日期", "来此时间", "迁入时间", "到社区时间"),
    "left": ("流出时间", "流出日期", "外出时间", "外出日期"),
    "branch_class": ("单位类别", "支部类别", "支部类型", "单位类型", "所属支部类别"),
    "stage": (
        "党员类别", "党员类型", "发展状态", "党员状态", "正式或预备", "政治面貌", "政治面目",
    ),
    "community": ("社区", "所属社区", "所在社区", "社区名称", "现居住社区", "所属村社区"),
}  # fmt: skip

FIELDS: Final = tuple(SYNONYMS)
LONGEST_KEY: Final = 60

Choices: TypeAlias = Mapping[str, str]
"""`header_key` of a header -> the field it means, or '' for a column to be passed over."""
NO_CHOICES: Final[Choices] = MappingProxyType({})

# Machine-converted traditional headers use other words, not only other characters (domain, Q6).
_PHRASES: Final = (
    ("社群", "社区"), ("聯絡", "联系"), ("聯繫", "联系"), ("行動電話", "移动电话"),
    ("資訊", "信息"), ("檔案", "文件"), ("專案", "项目"), ("座標", "坐标"),
)  # fmt: skip
_PHRASE_SIGNS: Final = frozenset(traditional[0] for traditional, _simple in _PHRASES)
_TRADITIONAL: Final = str.maketrans(
    "聯絡繫電話號碼時間類別單經緯現黨組織屬區機齡稱詳細門戶務職業當來從動員實際編備註證檔"
    "點況狀態遷號關係標東詢錄處冊內無詳總計誌歲學歷個體離會發對積極團眾",
    "联络系电话号码时间类别单经纬现党组织属区机龄称详细门户务职业当来从动员实际编备注证档"
    "点况状态迁号关系标东询录处册内无详总计志岁学历个体离会发对积极团众",
)  # fmt: skip
_FIELD_OF: Final = {word: name for name, words in SYNONYMS.items() for word in words}
_NOISE: Final = re.compile(r"[\s*::、,。.·_\-—]+")
_BRACKETED: Final = re.compile(r"[(\[【〔].*?[)\]】〕]")
# 联系电话1, 联系电话2: offices count columns only where a person may have several of a thing.
_COUNTED: Final = re.compile(r"(?<=\D)[1-9]$")
# Mixing two columns of numbers could join one person's longitude to another system's latitude.
_ONE_COLUMN_ONLY: Final = frozenset({"lon", "lat", "work_lon", "work_lat"})


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands and what it says.

    `columns` maps a field to the indexes of its columns, first choice first; `texts` are the
    headers as written; people begin at row index `first_row`.
    """

    row: int
    first_row: int
    columns: dict[str, tuple[int, ...]]
    texts: tuple[str, ...]
    ignored: tuple[str, ...]
    known: frozenset[int] = frozenset()
    """Indexes of all columns that are taken."""

    def text(self, name: str) -> str:
        """The header of a field as written, '' when the file has none."""
        return self.texts[self.columns[name][0]] if name in self.columns else ""


def header_key(text: str) -> str:
    """What an office's choice for a header is remembered by: how it is spaced does not count."""
    return _NOISE.sub("", simplified(unicodedata.normalize("NFKC", text)).lower())[:LONGEST_KEY]


def field_of(text: str, choices: Choices = NO_CHOICES) -> str | None:
    """Which field a header means: full width, brackets, traditional characters and all.

    `choices`: what the office said its headers mean ('': nothing), which goes before our words.
    """
    if choices and (chosen := choices.get(header_key(text))) is not None:
        return chosen or None
    plain = simplified(unicodedata.normalize("NFKC", text)).lower()
    for attempt in (plain, _BRACKETED.sub("", plain)):
        found = _FIELD_OF.get(_NOISE.sub("", attempt))
        if found is not None:
            return found
    return "phone" if _FIELD_OF.get(_COUNTED.sub("", _NOISE.sub("", plain))) == "phone" else None


def simplified(text: str) -> str:
    """Traditional characters of headers and short terms -> simplified, phrases first.

    A table of the words offices use in rosters, no general converter: names never pass here.
    """
    if _PHRASE_SIGNS.intersection(text):
        for traditional, simple in _PHRASES:
            text = text.replace(traditional, simple)
    return text.translate(_TRADITIONAL)


def find_header(rows: Sequence[Sequence[Any]], choices: Choices = NO_CHOICES) -> Header | None:
    """The row among the first that names most fields, 姓名 among them and at least one more."""
    best: tuple[int, int] | None = None
    for at, row in enumerate(rows[:DEEPEST_HEADER_ROW]):
        named = {field_of(cell, choices) for cell in row if isinstance(cell, str) and cell}
        named.discard(None)
        below = _sub_header(rows, at, choices) if "name" in named else {}
        count = len(named | set(below.values()))
        if "name" in named and count >= 2 and (best is None or count > best[0]):
            best = (count, at)
    return None if best is None else _header_at(rows, best[1], choices)


def fullest_row(rows: Sequence[Sequence[Any]]) -> int | None:
    """Where a header most likely stands when none is recognised; None in an empty sheet."""
    filled = [sum(bool(str(cell).strip()) for cell in row) for row in rows[:10]]
    return filled.index(max(filled)) if any(filled) else None


def seen_texts(rows: Sequence[Sequence[Any]], most: int = 12) -> list[str]:
    """What a person sees in the fullest of the first rows, to name it when no header is found."""
    fullest = max(
        ([str(cell).strip() for cell in row if str(cell).strip()] for row in rows[:10]),
        key=len,
        default=[],
    )
    return [text[:20] for text in fullest[:most]]


def _sub_header(rows: Sequence[Sequence[Any]], at: int, choices: Choices) -> dict[int, str]:
    """Fields named one row lower, under merged cells such as 坐标 above 经度 | 纬度."""
    if at + 1 >= len(rows):
        return {}
    below = rows[at + 1]
    found = {
        index: name
        for index, cell in enumerate(below)
        if isinstance(cell, str) and (name := field_of(cell, choices)) is not None
    }
    filled = [index for index, cell in enumerate(below) if str(cell).strip()]
    # A row of people is not a second header: every filled cell must name a field, under a
    # header that names none.
    above = [rows[at][index] for index in found if index < len(rows[at])]
    if len(found) != len(filled) or any(field_of(str(cell), choices) for cell in above):
        return {}
    return found


def _header_at(rows: Sequence[Sequence[Any]], at: int, choices: Choices) -> Header:
    below = _sub_header(rows, at, choices)
    width = max(len(rows[at]), len(rows[at + 1]) if below else 0)
    texts = ["" if i >= len(rows[at]) else str(rows[at][i]).strip() for i in range(width)]
    columns: dict[str, list[int]] = {}
    ignored: list[str] = []
    for index in range(width):
        name = below.get(index) or field_of(texts[index], choices)
        if index in below:
            texts[index] = str(rows[at + 1][index]).strip()
        taken = name is not None and name in columns and name in _ONE_COLUMN_ONLY
        if name is not None and not taken:
            columns.setdefault(name, []).append(index)
        elif texts[index]:
            ignored.append(texts[index])
    return Header(
        row=at,
        first_row=at + (2 if below else 1),
        columns={name: tuple(indexes) for name, indexes in columns.items()},
        texts=tuple(texts),
        ignored=tuple(ignored),
        known=frozenset(index for indexes in columns.values() for index in indexes),
    )
