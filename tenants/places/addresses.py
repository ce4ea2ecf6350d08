"""An address as people write it -> one spelling of it, and the buildings it may mean. Pure.

A match is a proposal with its reason; a person chooses (domain, section 5). What stands behind a
building (unit, floor, room) never takes part, so nothing of it is needed or kept here.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final
from uuid import UUID

REASONS: Final = (
    "full",
    "address",
    "short",
    "loose",
    "number",
    "compound",
    "similar",
    "part",
)
"""Why a building may be meant, the surest first. Words for them are in `service.words`.

full: the names agree. address: the street address agrees. short: the compound is written a little
differently. loose: 3号 for 3号楼. number: only the number was written. compound: the compound is
known, its building is not. similar: nearly the same compound. part: the words stand in the name.
"""
CERTAIN: Final = ("full", "address")
"""Reasons that may be preselected when only one building has them; a person still chooses."""

_TRADITIONAL: Final = str.maketrans(
    "號樓棟單層戶園區縣鄉鎮莊灣東華龍鳳陽橋場廣門蘭雲錦綠麗馬萬興豐順寧慶國際學館醫車裡後頭溝嶺島"
    "濱蘇楊黃劉陳張趙吳鄭孫謝許鄧蕭葉呂榮銀鐵鋼電紅楓樺關長風飛鳥魚羅賈賀聖陸邊遠達連運農機織紡"
    "糧資產業勞動務營房勝錢鹽煙鑼鼓樂歡悅義禮賢聯團衛廳庫廠臺灘潤澤潔淨滿漢溫澗凱歐韓盧龐",
    "号楼栋单层户园区县乡镇庄湾东华龙凤阳桥场广门兰云锦绿丽马万兴丰顺宁庆国际学馆医车里后头沟岭岛"
    "滨苏杨黄刘陈张赵吴郑孙谢许邓萧叶吕荣银铁钢电红枫桦关长风飞鸟鱼罗贾贺圣陆边远达连运农机织纺"
    "粮资产业劳动务营房胜钱盐烟锣鼓乐欢悦义礼贤联团卫厅库厂台滩润泽洁净满汉温涧凯欧韩卢庞",
)
_NOISE: Final = re.compile(r"[^0-9A-Z\u3007\u3400-\u9fff\uf900-\ufaff#-]+")
_DASHES: Final = re.compile("[‐‑‒–—―−－~～_]+")
_NUMERAL: Final = re.compile(
    "[零〇一二两三四五六七八九十百]+(?=号|栋|幢|座|单元|层|楼|室|户|门|期|区|组|队|弄|巷|院|#)"
)
_DIGITS: Final = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}
_NUMBER: Final = "(?:[A-Z]?[0-9]+[A-Z]?(?:-[0-9]+)?|[A-Z]|[甲乙丙丁戊己庚辛壬癸])"
# 号楼 3号楼, 3栋, 3幢, A座, 3#, 3#楼 are one thing; 3楼 only when a unit follows, else it is a floor.
_HOUSE: Final = re.compile(
    f"({_NUMBER})(?:号(?:住宅)?[楼栋幢座]|[栋幢座]楼?|#[楼栋幢座]?|楼(?=[0-9A-Z]+单元))"
)
_CANONICAL_HOUSE: Final = re.compile(f"{_NUMBER}号楼")
_DASHED: Final = re.compile(
    r"(?<![0-9A-Z-])([0-9]+[A-Z]?|[A-Z])-(?:[0-9]{1,2}-[0-9]{1,4}|[0-9]{3,4})(?:[室号户])?$"
)
_INDOORS: Final = re.compile(
    r"(?:[0-9A-Z]+单元|[0-9]+[层楼]|[0-9A-Z-]+[室房]|(?<=号)[0-9]{1,4}[户号]?$).*$"
)
_BARE: Final = re.compile(_NUMBER)
_MERE_NUMBER: Final = re.compile(f"{_NUMBER}号楼?")
_ENDINGS: Final = (
    "住宅小区", "生活小区", "家属小区", "家属院", "安置区", "定居点", "牧业组", "住宅区", "小区",
    "家园", "新村", "公寓", "大院", "花园", "花苑", "社区", "苑", "院",
)  # fmt: skip
# Province, city, county and so on before the place itself; 小区 and 社区 are no such thing.
_DISTRICTS: Final = re.compile(
    "^(?:[^省市县旗]{2,8}?(?:自治区|省|市|盟|州|县|旗|(?<![小社园住宅0-9A-Z])区))*"
    "(?:[^镇乡]{2,6}?(?:镇|乡|街道(?:办事处)?))?"
)
_LEAST_ALIKE: Final = 0.7


@dataclass(frozen=True, slots=True)
class Known:
    """A compound or building of the register; `compound` is the one it belongs to, '' for none."""

    id: UUID
    kind: str
    name: str
    normal_name: str
    address: str = ""
    compound_id: UUID | None = None
    compound: str = ""

    @property
    def title(self) -> str:
        """Compound and building as an address begins."""
        return self.compound + self.name


@dataclass(frozen=True, slots=True)
class Candidate:
    """A building that may be meant, and why (one of REASONS)."""

    known: Known
    reason: str


def normalised(text: str) -> str:
    """One spelling for all ways to write a place: 清和小区 三栋2单元301 -> 清和小区3号楼.

    Full width, traditional characters, 号楼/栋/幢/座/#, Chinese numerals; what lies inside the
    building is cut off. '' when nothing is left.
    """
    plain = unicodedata.normalize("NFKC", text).upper().translate(_TRADITIONAL)
    plain = _NOISE.sub("", _DASHES.sub("-", plain)).strip("-").replace("社群", "社区")
    plain = _NUMERAL.sub(lambda found: str(_numeral(found[0])), plain)
    plain = re.sub("第(?=[0-9])", "", plain)
    plain = _HOUSE.sub(r"\1号楼", plain)
    houses = list(_CANONICAL_HOUSE.finditer(plain))
    if houses:
        return plain[: houses[-1].end()]
    dashed = _DASHED.search(plain)
    if dashed:
        return f"{plain[: dashed.start()]}{dashed[1]}号楼"
    return _INDOORS.sub("", plain)


def normal_name(name: str) -> str:
    """As `normalised`, and a bare number or letter is a building's: 3 and 3楼 -> 3号楼."""
    found = normalised(name) or normalised(name.rstrip("楼樓 "))
    return f"{found}号楼" if _BARE.fullmatch(found) else found


def candidates(
    text: str, buildings: Iterable[Known], *, here: Sequence[str] = (), limit: int = 8
) -> list[Candidate]:
    """The buildings an address may mean, the surest first; `here` names the tenant's own place."""
    return AddressBook(buildings, here).candidates(text, limit=limit)


def the_one(found: Sequence[Candidate]) -> Candidate | None:
    """The one that may be preselected: certain, and nobody else is."""
    certain = [each for each in found if each.reason in CERTAIN]
    return certain[0] if len(certain) == 1 else None


class AddressBook:
    """Buildings set out so that many addresses can be looked up one after another."""

    def __init__(self, buildings: Iterable[Known], here: Sequence[str] = ()) -> None:
        self._all = list(buildings)
        self._here = [normalised(name) for name in here if name]
        self._compounds = [each for each in self._all if each.kind == "compound"]
        self._inside: dict[UUID, list[Known]] = {}
        self._endings: dict[str, list[tuple[Known, str]]] = {}
        self._numbers: dict[str, list[Known]] = {}
        self._meant: dict[str, tuple[Known | None, bool]] = {}
        for each in self._all:
            if each.kind == "building":
                self._enter(each)

    def candidates(self, text: str, *, limit: int = 8, guess: bool = True) -> list[Candidate]:
        """The surest first. `guess`: also what is only similar or contains the words."""
        wanted = normalised(text)
        if not wanted:
            return []
        found = _Found()
        self._by_compound(wanted, found)
        self._by_ending(wanted, found)
        local = self._local(wanted)
        if _MERE_NUMBER.fullmatch(local):
            for each in self._numbers.get(_number(local), ()):
                found.add(each, "number")
        if guess and not found.best:
            self._by_likeness(local, found)
        if guess and not found.best:
            bare = normal_name(text)
            compounds: dict[UUID | None, str] = {
                each.id: each.normal_name for each in self._compounds
            }
            for each in self._all:
                whole = compounds.get(each.compound_id, "") + each.normal_name
                if wanted in whole or bare == each.normal_name:
                    found.add(each, "part")
        return found.ranked()[:limit]

    def the_one(self, text: str) -> Known | None:
        """The building an address names beyond doubt, None when none or several."""
        return self.meant(text)[0]

    def meant(self, text: str) -> tuple[Known | None, bool]:
        """(the building it names beyond doubt, whether any may be meant); nothing is guessed.

        Addresses of one building differ in what is cut off: each building is looked for once.
        """
        wanted = normalised(text)
        if wanted not in self._meant:
            found = self.candidates(text, limit=len(self._all), guess=False)
            chosen = the_one(found)
            self._meant[wanted] = (None if chosen is None else chosen.known, bool(found))
        return self._meant[wanted]

    def _enter(self, each: Known) -> None:
        if each.compound_id is not None:
            self._inside.setdefault(each.compound_id, []).append(each)
        elif not _MERE_NUMBER.fullmatch(each.normal_name):
            self._endings.setdefault(each.normal_name, []).append((each, "full"))
        if each.address:
            street = normalised(each.address)
            for ending in {street, street + each.normal_name}:
                self._endings.setdefault(ending, []).append((each, "address"))
        self._numbers.setdefault(_number(each.normal_name), []).append(each)

    def _by_compound(self, wanted: str, found: "_Found") -> None:
        """Compounds whose name stands in the address, and the building that follows it."""
        spans: list[tuple[int, int, Known, str]] = []
        for each in self._compounds:
            for key, reason in _keys(each):
                at = wanted.rfind(key)
                if at >= 0:
                    spans.append((at, at + len(key), each, reason))
                    break
        for start, end, compound, reason in spans:
            longer = (a <= start and end <= b and b - a > end - start for a, b, *_ in spans)
            if not any(longer):
                self._inside_compound(compound, wanted[end:], reason, found)

    def _inside_compound(self, compound: Known, rest: str, reason: str, found: "_Found") -> None:
        if not rest:
            found.add(compound, reason)
            return
        known = False
        for each in self._inside.get(compound.id, ()):
            if each.normal_name == rest:
                found.add(each, reason)
            elif _number(each.normal_name) == _number(rest):
                found.add(each, "loose")
            elif _ends_with(rest, each.normal_name):
                found.add(each, "short")
            else:
                continue
            known = True
        if not known:
            found.add(compound, "compound")

    def _by_ending(self, wanted: str, found: "_Found") -> None:
        for start in range(len(wanted)):
            for each, reason in self._endings.get(wanted[start:], ()):
                found.add(each, reason)

    def _local(self, wanted: str) -> str:
        """The address without the district and the tenant's own name before it."""
        local = _DISTRICTS.sub("", wanted)
        for name in self._here:
            local = local.removeprefix(name)
        return local

    def _by_likeness(self, local: str, found: "_Found") -> None:
        house = _CANONICAL_HOUSE.search(local)
        head, rest = (local[: house.start()], house[0]) if house else (local, "")
        if len(head) < 2:
            return
        matcher = SequenceMatcher(None, "", head, autojunk=False)
        for compound in self._compounds:
            matcher.set_seq1(compound.normal_name)
            # An upper bound first: it rules out nearly all of them.
            if matcher.quick_ratio() >= _LEAST_ALIKE <= matcher.ratio():
                inside = self._inside.get(compound.id, ())
                meant = [each for each in inside if rest and each.normal_name == rest]
                for each in meant or [compound]:
                    found.add(each, "similar")


class _Found:
    """Each building once, with its surest reason."""

    def __init__(self) -> None:
        self.best: dict[UUID, Candidate] = {}

    def add(self, known: Known, reason: str) -> None:
        old = self.best.get(known.id)
        if old is None or REASONS.index(reason) < REASONS.index(old.reason):
            self.best[known.id] = Candidate(known, reason)

    def ranked(self) -> list[Candidate]:
        return sorted(
            self.best.values(),
            key=lambda each: (REASONS.index(each.reason), *natural(each.known.title)),
        )


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """A key under which 2号楼 comes before 10号楼."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return tuple(
        (int(part), "") if part.isascii() and part.isdigit() else (0, part) for part in parts
    )


def _keys(compound: Known) -> list[tuple[str, str]]:
    """Under what a compound stands in an address, the surest first."""
    keys = [(compound.normal_name, "full")]
    if compound.address:
        keys.append((normalised(compound.address), "address"))
    stem = next(
        (
            compound.normal_name.removesuffix(ending)
            for ending in _ENDINGS
            if compound.normal_name.endswith(ending)
        ),
        "",
    )
    if len(stem) > 1:
        keys.append((stem, "short"))
    return [key for key in keys if key[0]]


def _ends_with(rest: str, name: str) -> bool:
    """2期3号楼 ends with 3号楼; 13号楼 does not."""
    if not _MERE_NUMBER.fullmatch(name):
        return rest.endswith(name)
    houses = _CANONICAL_HOUSE.findall(rest)
    return bool(houses) and houses[-1] == name


def _number(name: str) -> str:
    """3号 and 3号楼 -> 3; other names stay."""
    return name.removesuffix("楼").removesuffix("号") if _MERE_NUMBER.fullmatch(name) else name


def _numeral(signs: str) -> int:
    """二十三 -> 23, 一百零五 -> 105, 二〇三 -> 203."""
    if not set(signs) & set("十百"):
        return int("".join(str(_DIGITS[sign]) for sign in signs))
    total, digit = 0, 0
    for sign in signs:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit
