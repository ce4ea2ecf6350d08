"""Rule packs out of their dated TOML files. Strict: a fault stops with one sentence in Chinese.

A file is called `<id>.<valid_from>.toml`, one per pack and version. Nothing in it is guessed,
completed or skipped: an unknown word is as wrong as a missing one.
"""

import re
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from tenants.mobility.calendar import Term
from tenants.mobility.pack import (
    BASES,
    NEEDS,
    STATUSES,
    TREATMENTS,
    Interval,
    Rule,
    RulePack,
    Treatment,
    is_shorter,
)

FOLDER: Final = Path(__file__).with_name("rule_packs")
TREATED: Final = ("short", "medium", "long_fixed", "long_roving", "seasonal", "inflow_candidate")

_HEAD: Final = {"id", "title", "valid_from", "dating", "status"}
_FILE_NAME: Final = re.compile(r"([a-z0-9-]+)\.(\d{4}-\d\d-\d\d)\.toml")
# A seed's code and its section as domain section 0 writes them, or a document by its title.
_CLAUSE: Final = re.compile(r"\d{3}_[0-9a-f]{4} \S.*|《.+》.*")
_LONGEST_QUOTATION: Final = 60
_UNITS: Final = {
    "term": ("months", "days"),
    "interval": ("quarters", "months", "days"),
}
_KINDS: Final = {
    "medium_from": "term",
    "long_from": "term",
    "seasonal": "flag",
    "inflow_from": "term",
    "inflow_basis": "bases",
    "report_before_leaving": "term",
    "contact_every": "interval",
    "report_every": "interval",
    "certificate_check_every": "interval",
    "temporary_branch_from": "count",
    "liaison_most": "count",
    "letter_valid_for": "term",
}


class RulePackFault(ValueError):
    """A rule pack file that cannot be used. Says what, where and what to do, in one sentence."""


@cache
def repository_packs() -> tuple[RulePack, ...]:
    """Every pack the product ships, by id and then by day. Raises RulePackFault."""
    packs = [read_pack(path) for path in sorted(FOLDER.glob("*.toml"))]
    return tuple(sorted(packs, key=lambda pack: (pack.id, pack.valid_from)))


def read_pack(path: Path) -> RulePack:
    """One file -> its pack. Raises RulePackFault."""
    try:
        text = path.read_text(encoding="utf-8")
        written = tomllib.loads(text)
    except UnicodeDecodeError:
        raise _fault(path.name, "开头", "不是 UTF-8 文本", "用 UTF-8 另存一次") from None
    except tomllib.TOMLDecodeError as error:
        raise _fault(path.name, "格式", f"不是有效的 TOML（{error}）", "改正这一行") from None
    return pack_from(written, path.name)


def pack_from(written: dict[str, Any], file: str) -> RulePack:
    """What was written -> the pack. `file` is the file's name. Raises RulePackFault."""
    _only(file, "开头", written, _HEAD, {"rules", "treatments"})
    head: dict[str, Any] = {
        key: _text(file, "开头", written, key) for key in _HEAD - {"valid_from"}
    }
    named = _FILE_NAME.fullmatch(file)
    day = written["valid_from"]
    if type(day) is not date:
        raise _fault(file, "valid_from", "不是日期", "写成 2024-11-11 这样的日期，不加引号")
    if named is None or (head["id"], str(day)) != named.groups():
        raise _fault(file, "文件名", "与 id、valid_from 不一致", f"改名为 {head['id']}.{day}.toml")
    if head["status"] not in STATUSES:
        raise _fault(file, "status", f"不认识“{head['status']}”", _one_of(STATUSES))
    rules = _rules(file, written.get("rules", {}))
    _check_order(file, rules)
    return RulePack(
        valid_from=day, treatments=_treatments(file, written.get("treatments", [])), **head, **rules
    )


def _rules(file: str, written: Any) -> dict[str, Any]:
    if not isinstance(written, dict) or not written:
        raise _fault(file, "rules", "一条规则也没有", "至少写一条，例如 [rules.long_from]")
    found = {}
    for key, rule in written.items():
        where = f"rules.{key}"
        if key not in _KINDS:
            raise _fault(file, where, "不认识这条规则", _one_of(_KINDS))
        _only(file, where, rule, {"value", "clause", "quotation"}, {"note"})
        value = _value(file, where, _KINDS[key], rule["value"])
        found[key] = Rule(key, value, **_cited(file, where, rule))
    return found


def _treatments(file: str, written: Any) -> tuple[Treatment, ...]:
    if not isinstance(written, list):
        raise _fault(file, "treatments", "不是列表", "写成一个或多个 [[treatments]]")
    found = []
    for number, each in enumerate(written, 1):
        where = f"treatments 第 {number} 条"
        _only(file, where, each, {"for_class", "value", "clause", "quotation"}, {"needs", "note"})
        needs = each.get("needs", "")
        for key, allowed in (("for_class", TREATED), ("value", TREATMENTS)):
            if each[key] not in allowed:
                raise _fault(file, f"{where}的 {key}", f"不认识“{each[key]}”", _one_of(allowed))
        if needs not in NEEDS:
            raise _fault(file, f"{where}的 needs", f"不认识“{needs}”", _one_of(NEEDS[1:]))
        cited = _cited(file, where, each)
        found.append(
            Treatment(for_class=each["for_class"], value=each["value"], needs=needs, **cited)
        )
    return tuple(found)


def _value(file: str, where: str, kind: str, value: Any) -> object:
    if kind == "flag":
        if value is not True:
            raise _fault(file, where, "value 不是 true", "写 true，或删去整条规则")
        return True
    if kind == "count":
        if type(value) is not int or value < 1:
            raise _fault(file, where, "value 不是正整数", "写成 3 这样的数，不加引号")
        return value
    if kind == "bases":
        if not isinstance(value, list) or not value or not set(map(str, value)) <= set(BASES):
            raise _fault(file, where, "value 不是依据的列表", _one_of(BASES))
        return tuple(value)
    return _length(file, where, kind, value)


def _length(file: str, where: str, kind: str, value: Any) -> Term | Interval:
    """{ months = 6 } and its like. A term may be 0 (always), an interval may not (never done)."""
    units = _UNITS[kind]
    example = f"写成 {{ {units[0]} = 1 }} 这样，单位用{_one_of(units)}"
    if not isinstance(value, dict) or len(value) != 1 or next(iter(value)) not in units:
        raise _fault(file, where, "value 不是一个单位和一个数", example)
    unit, count = next(iter(value.items()))
    if type(count) is not int or not (0 if kind == "term" else 1) <= count <= 1200:
        raise _fault(file, where, f"{unit} 的数不能用", example)
    return Term(count, unit) if kind == "term" else Interval(count, unit)


def _check_order(file: str, rules: dict[str, Any]) -> None:
    """A pack's lines must rise, and inflow needs both its rules, or neither can be applied."""
    medium, long = rules.get("medium_from"), rules.get("long_from")
    if medium and not (long and is_shorter(medium.value, long.value)):
        raise _fault(file, "rules.medium_from", "不短于 long_from", "写得比 long_from 短")
    if ("inflow_from" in rules) != ("inflow_basis" in rules):
        raise _fault(file, "rules.inflow_from", "要和 inflow_basis 一起写", "补上缺的那一条")


def _cited(file: str, where: str, written: dict[str, Any]) -> dict[str, str]:
    clause = _text(file, where, written, "clause")
    quotation = _text(file, where, written, "quotation")
    if not _CLAUSE.fullmatch(clause):
        example = "写成“002_b488 §一-二”这样，或写《文件名》"
        raise _fault(file, f"{where}的 clause", f"看不懂出处“{clause}”", example)
    if len(quotation) > _LONGEST_QUOTATION:
        advice = f"只引最要紧的一句，不超过 {_LONGEST_QUOTATION} 字"
        raise _fault(file, f"{where}的 quotation", "引文太长", advice)
    note = _text(file, where, written, "note") if "note" in written else ""
    return {"clause": clause, "quotation": quotation, "note": note}


def _text(file: str, where: str, written: dict[str, Any], key: str) -> str:
    value = written[key]
    if not isinstance(value, str) or not value.strip() or value != value.strip():
        raise _fault(file, f"{where}的 {key}", "不是一段文字", "写上文字，前后不留空格")
    return value


def _only(file: str, where: str, written: Any, needed: set[str], also: set[str]) -> None:
    if not isinstance(written, dict):
        raise _fault(file, where, "不是一组键和值", "照别的规则包的样子写")
    missing, unknown = needed - written.keys(), written.keys() - needed - also
    if missing:
        raise _fault(file, where, f"缺少 {'、'.join(sorted(missing))}", "补上")
    if unknown:
        raise _fault(file, where, f"多出 {'、'.join(sorted(unknown))}", "删去或改正拼写")


def _one_of(words: Any) -> str:
    return f"只能是 {'、'.join(words)}"


def _fault(file: str, where: str, what: str, advice: str) -> RulePackFault:
    return RulePackFault(
        f"规则包 {file} 的 {where}：{what}；请{advice}。".replace("请只能", "只能")
    )
