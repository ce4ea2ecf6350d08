"""An address as people write it -> the buildings it may mean, and why. Pure.

A match is a proposal with its reason; a person chooses (domain, section 5).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final
from uuid import UUID

from tenants.places.spelling import (
    HOUSE_NUMBER,
    bare_number,
    is_mere_number,
    natural,
    normal_name,
    normalised,
)

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


def the_one(found: Sequence[Candidate]) -> Candidate | None:
    """The one that may be preselected: certain, and nobody else is."""
    certain = [each for each in found if each.reason in CERTAIN]
    return certain[0] if len(certain) == 1 else None


class AddressBook:
    """Buildings set out so that many addresses can be looked up one after another.

    `here` names the tenant's own place, which people write before the address.
    """

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
        if is_mere_number(local):
            for each in self._numbers.get(bare_number(local), ()):
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
        elif not is_mere_number(each.normal_name):
            self._endings.setdefault(each.normal_name, []).append((each, "full"))
        if each.address:
            street = normalised(each.address)
            for ending in {street, street + each.normal_name}:
                self._endings.setdefault(ending, []).append((each, "address"))
        self._numbers.setdefault(bare_number(each.normal_name), []).append(each)

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
            elif bare_number(each.normal_name) == bare_number(rest):
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
        house = HOUSE_NUMBER.search(local)
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
    if not is_mere_number(name):
        return rest.endswith(name)
    houses = HOUSE_NUMBER.findall(rest)
    return bool(houses) and houses[-1] == name
