"""A certificate as a JSON file, sealed with a digest so that a chance edit is noticed.

The seal is no signature: whoever changes a file can seal it again. What a changed and resealed file
claims is judged by :func:`geo.certificate.check` like any other.
"""

import hashlib
import json
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import numpy as np

from geo.certificate import Certificate, Floats, Refused

KIND: Final = "wangge-assignment-certificate"
VERSION: Final = 1


class NotACertificate(ValueError):
    """The file cannot be read as a certificate; ``str()`` is one Chinese sentence."""


def write(path: Path, certificate: Certificate) -> None:
    """Write the sealed JSON."""
    path.write_text(json.dumps(sealed(to_json(certificate)), ensure_ascii=False), "utf-8")


def read(path: Path) -> Certificate:
    """Read a file; raises :class:`NotACertificate` or, for a broken seal, Refused."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise NotACertificate(f"无法读取 {path}：请检查文件是否存在、是否有权限。") from error
    except (ValueError, RecursionError) as error:
        raise NotACertificate(f"{path.name} 不是 JSON 文件：请重新导出证书。") from error
    return from_json(content)


def to_json(certificate: Certificate) -> dict[str, Any]:
    """Plain JSON values by field name; a place that is not known is null."""
    content: dict[str, Any] = {"kind": KIND, "version": VERSION, "unit": "centimetre"}
    for field in fields(certificate):
        value = getattr(certificate, field.name)
        if field.name in ("home", "work") and value is not None:
            value = [None if place[0] != place[0] else place for place in value.tolist()]
        elif isinstance(value, np.ndarray):
            value = value.tolist()
        elif field.name == "classes" and value is not None:
            value = [sorted(names) for names in value]
        elif isinstance(value, tuple):
            value = list(value)
        content[field.name] = value
    return content


def sealed(content: dict[str, Any]) -> dict[str, Any]:
    """The same with its digest."""
    return {**content, "digest": _digest(content)}


def from_json(content: object) -> Certificate:
    """Check form and seal, and turn lists into arrays."""
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise NotACertificate("文件不是安排证书：请选择 wangge match --certificate 写出的文件。")
    if content.get("version") != VERSION or content.get("unit") != "centimetre":
        raise NotACertificate("证书的版本不认识：请用写出它的版本核对。")
    try:
        certificate = _built(content)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise NotACertificate("证书的内容不完整或格式有误：请重新导出证书。") from error
    if content.get("digest") != _digest(content):
        raise Refused("证书写出后被改动过(摘要不符)：请重新导出证书。")
    return certificate


def _digest(content: dict[str, Any]) -> str:
    body = {name: value for name, value in content.items() if name != "digest"}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _built(content: dict[str, Any]) -> Certificate:
    certificate = Certificate(
        home=_places(content["home"]),
        work=None if content["work"] is None else _places(content["work"]),
        labels=_texts(content["labels"]),
        frozen=_whole(content["frozen"]),
        forbidden=_whole(content["forbidden"]).reshape(-1, 2),
        lonlat=_places(content["lonlat"]),
        capacity=_whole(content["capacity"]),
        minimum=_whole(content["minimum"]),
        classes=_classes(content["classes"]),
        reach=None if content["reach"] is None else _number(content["reach"]),
        penalty=_number(content["penalty"]),
        branch_of=_whole(content["branch_of"]),
        price=_whole(content["price"]),
        placed=_number(content["placed"]),
        total=_number(content["total"]),
        lower_bound=_number(content["lower_bound"]),
        more_seats=_number(content["more_seats"]),
        member_ids=_texts(content["member_ids"]),
        branch_ids=_texts(content["branch_ids"]),
    )
    _fit(certificate)
    return certificate


def _fit(certificate: Certificate) -> None:
    n, m = len(certificate.home), len(certificate.lonlat)
    by_member = (certificate.work, certificate.labels, certificate.frozen, certificate.branch_of)
    by_branch = (certificate.capacity, certificate.minimum, certificate.classes, certificate.price)
    for parts, ids, count in (
        (by_member, certificate.member_ids, n),
        (by_branch, certificate.branch_ids, m),
    ):
        if any(part is not None and len(part) != count for part in parts):
            raise ValueError("lists of different length")
        if ids is not None and (len(ids) != count or len(set(ids)) != count):
            raise ValueError("ids")
    pairs = certificate.forbidden
    if ((pairs < 0) | (pairs >= np.array([n, m]))).any() or np.isnan(certificate.lonlat).any():
        raise ValueError("pairs or places")


def _places(rows: list[list[float] | None]) -> Floats:
    nowhere = [float("nan"), float("nan")]
    places = np.array([nowhere if row is None else row for row in rows], np.float64).reshape(-1, 2)
    if len(places) != len(rows):
        raise ValueError("places are pairs")
    with np.errstate(invalid="ignore"):
        if (np.abs(places) > [180, 90]).any() or np.isinf(places).any():
            raise ValueError("places off the earth")
    return places


def _whole(numbers: list[int]) -> np.ndarray:
    array = np.array(numbers)
    if array.size and array.dtype != np.int64:
        raise ValueError("whole numbers only")
    return array.astype(np.int64)


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("whole number expected")
    return value


def _texts(values: list[str] | None) -> list[str] | None:
    if values is not None and not all(isinstance(value, str) for value in values):
        raise ValueError("texts expected")
    return values


def _classes(values: list[list[str]] | None) -> list[frozenset[str]] | None:
    return None if values is None else [frozenset(_texts(names) or ()) for names in values]
