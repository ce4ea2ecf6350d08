"""Reads one tile out of a PMTiles archive (version 3), as one file on our own disk.

https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md, sections 2 to 5. Pictures only.
"""

from __future__ import annotations

import gzip
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

PICTURES: Final = {2: "image/png", 3: "image/jpeg", 4: "image/webp", 5: "image/avif"}
_HEADER_BYTES: Final = 127
_PLAIN, _GZIP = 1, 2
_DEEPEST_DIRECTORY: Final = 4


class NotAnArchive(ValueError):
    """The file is no PMTiles archive of pictures that we can read."""


class Entry(NamedTuple):
    """A run of tiles, or (`run` 0) a directory further down. Offsets as the archive counts them."""

    first: int
    run: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Archive:
    """Where the parts of one file are, in bytes."""

    path: str
    root: tuple[int, int]
    leaves: int
    tiles: int
    packed_directories: bool
    media_type: str
    deepest: int


@lru_cache(maxsize=4)
def opened(path: str) -> Archive:
    """Reads the header. Raises NotAnArchive, also when there is no such file."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(_HEADER_BYTES)
    except OSError as error:
        raise NotAnArchive(path) from error
    if len(head) < _HEADER_BYTES or head[:8] != b"PMTiles\x03":
        raise NotAnArchive(path)
    packing, tile_packing, kind = head[97], head[98], head[99]
    if kind not in PICTURES or packing not in (_PLAIN, _GZIP) or tile_packing > _PLAIN:
        raise NotAnArchive(path)

    def number(at: int) -> int:
        return int.from_bytes(head[at : at + 8], "little")

    return Archive(
        path,
        (number(8), number(16)),
        number(40),
        number(56),
        packing == _GZIP,
        PICTURES[kind],
        head[101],
    )


def tile(archive: Archive, z: int, x: int, y: int) -> bytes | None:
    """The picture's bytes, or None where the archive has none."""
    wanted = tile_number(z, x, y)
    offset, length = archive.root
    for _ in range(_DEEPEST_DIRECTORY):
        entry = _entry(_directory(archive, offset, length), wanted)
        if entry is None:
            return None
        if entry.run:
            return _read(archive.path, archive.tiles + entry.offset, entry.length)
        offset, length = archive.leaves + entry.offset, entry.length
    return None


def tile_number(z: int, x: int, y: int) -> int:
    """A tile's place on the Hilbert curve of its zoom, behind all zooms above."""
    number, side = 0, 1 << z >> 1
    while side:
        right, low = int(bool(x & side)), int(bool(y & side))
        number += side * side * ((3 * right) ^ low)
        if not low:
            if right:
                x, y = side - 1 - (x & (side - 1)), side - 1 - (y & (side - 1))
            x, y = y, x
        side >>= 1
    return ((1 << 2 * z) - 1) // 3 + number


def _entry(directory: tuple[Entry, ...], wanted: int) -> Entry | None:
    at = bisect_right(directory, wanted, key=lambda entry: entry.first) - 1
    if at < 0:
        return None
    entry = directory[at]
    return entry if entry.run == 0 or wanted < entry.first + entry.run else None


@lru_cache(maxsize=64)
def _directory(archive: Archive, offset: int, length: int) -> tuple[Entry, ...]:
    raw = _read(archive.path, offset, length)
    numbers = _varints(gzip.decompress(raw) if archive.packed_directories else raw)
    count = numbers[0]
    columns = [numbers[1 + count * part : 1 + count * (part + 1)] for part in range(4)]
    found: list[Entry] = []
    first = 0
    for step, run, size, place in zip(*columns, strict=True):
        first += step
        # Nought says: right behind the one before; every other place is written one too high.
        start = place - 1 if place else found[-1].offset + found[-1].length
        found.append(Entry(first, run, start, size))
    return tuple(found)


def _varints(raw: bytes) -> list[int]:
    numbers, value, shift = [], 0, 0
    for byte in raw:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(value)
            value = shift = 0
    return numbers


def _read(path: str, offset: int, length: int) -> bytes:
    with Path(path).open("rb") as file:
        file.seek(offset)
        return file.read(length)
