"""The base map an office chose: read from WANGGE_BASE_MAP, fetched for the browser, kept a while.

One line, its first word says what it is, because the coordinate system is never guessed:

    (empty)                              no base map: cells on a plain ground
    wgs84 https://host/{z}/{x}/{y}.png   XYZ pictures in WGS-84 or CGCS2000
    gcj02 https://host/{z}/{x}/{y}.png   XYZ pictures in GCJ-02; the browser lays them right
    tianditu KEY                         Tianditu's streets with names, by WMTS; the key stays here
    pmtiles /path/streets.pmtiles        one file of pictures on our own disk

Tiles say nothing about anybody but which square somebody looked at; no person is kept with them.
"""

from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPException
from urllib.error import URLError
from urllib.request import Request, urlopen

from redis import Redis
from redis.exceptions import RedisError

from geo.pmtiles import Archive, NotAnArchive, opened, tile
from service.settings import Misconfigured

KEPT_SECONDS = 7 * 24 * 3600
PATIENCE_SECONDS = 8
MOST_BYTES = 2 * 1024 * 1024
TIANDITU = (
    "https://t{n}.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER=vec&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
    "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk="
)
"""Web Mercator in CGCS2000, which is WGS-84 at our precision."""
HOW = (
    "WANGGE_BASE_MAP 看不懂:第一个词要写明种类和坐标系。可以是 wgs84 地址、gcj02 地址、"
    "tianditu 密钥、pmtiles 文件;地址里要有 {z}、{x}、{y}。请改过后再启动。"
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where pictures come from. `shifted`: they are drawn in GCJ-02."""

    template: str = ""
    archive: Archive | None = None
    shifted: bool = False
    deepest: int = 18


def source_of(told: str) -> Source | None:
    """What WANGGE_BASE_MAP chose; None when nothing. Raises Misconfigured with a sentence."""
    kind, _, rest = told.strip().partition(" ")
    rest = rest.strip()
    if not kind:
        return None
    if kind == "tianditu" and rest.isalnum():
        return Source(TIANDITU + rest)
    if kind == "pmtiles":
        try:
            archive = opened(rest)
        except NotAnArchive:
            raise Misconfigured(
                "WANGGE_BASE_MAP 指的不是可用的 PMTiles 文件:只支持第 3 版、内容是图片的;请换一个。"
            ) from None
        return Source(archive=archive, deepest=archive.deepest)
    in_place = all(mark in rest for mark in ("{z}", "{x}", "{y}"))
    if kind in ("wgs84", "gcj02") and in_place and rest.startswith(("https://", "http://")):
        return Source(rest, shifted=kind == "gcj02")
    raise Misconfigured(HOW)


def picture(source: Source, redis: Redis, z: int, x: int, y: int) -> tuple[bytes, str] | None:
    """A tile's bytes and media type; None where there is none or the service does not answer."""
    if source.archive is not None:
        found = tile(source.archive, z, x, y)
        return None if found is None else (found, source.archive.media_type)
    address = _address(source.template, z, x, y)
    # The address holds a key, and what is kept outlives it: only its mark is written down.
    shelf = f"wangge:ground:{sha256(address.encode()).hexdigest()[:32]}"
    kept = _kept(redis, shelf)
    if kept is not None:
        return kept
    fetched = _fetched(address)
    if fetched is not None:
        _keep(redis, shelf, *fetched)
    return fetched


def _address(template: str, z: int, x: int, y: int) -> str:
    for mark, value in {"{z}": z, "{x}": x, "{y}": y, "{n}": (x + y) % 8}.items():
        template = template.replace(mark, str(value))
    return template


def _fetched(address: str) -> tuple[bytes, str] | None:
    asked = Request(address, headers={"User-Agent": "Wangge", "Accept": "image/*"})  # noqa: S310
    try:
        with urlopen(asked, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
            media_type = answer.headers.get_content_type()
            body = answer.read(MOST_BYTES + 1)
    except (URLError, HTTPException, OSError, ValueError):
        return None
    if not media_type.startswith("image/") or media_type == "image/svg+xml":
        return None
    return (body, media_type) if 0 < len(body) <= MOST_BYTES else None


def _kept(redis: Redis, shelf: str) -> tuple[bytes, str] | None:
    try:
        found = redis.get(shelf)
    except RedisError:
        return None
    if not isinstance(found, bytes):
        return None
    media_type, _, body = found.partition(b"\n")
    return body, media_type.decode()


def _keep(redis: Redis, shelf: str, body: bytes, media_type: str) -> None:
    try:
        redis.set(shelf, media_type.encode() + b"\n" + body, ex=KEPT_SECONDS)
    except RedisError:
        return
