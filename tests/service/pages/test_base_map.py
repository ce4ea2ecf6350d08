"""The base map: chosen in words, fetched by us alone, its key never told."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from geo.pmtiles import NotAnArchive, opened, tile, tile_number
from service import base_maps
from service.base_maps import picture, source_of
from service.settings import Misconfigured

PICTURE = b"\x89PNG\r\n\x1a\n a picture"


class Shelf(dict):
    """What of Redis is used."""

    def set(self, key, value, ex):
        assert ex > 0
        self[key] = value


def varints(*numbers: int) -> bytes:
    out = bytearray()
    for number in numbers:
        while number > 0x7F:
            out.append(number & 0x7F | 0x80)
            number >>= 7
        out.append(number)
    return bytes(out)


def an_archive(folder: Path, kind: int = 2) -> Path:
    """Three tiles: 0/0/0, and 1/0/0 with 1/0/1 as a run of one picture, in a leaf directory."""
    leaf = gzip.compress(varints(2, 0, 1, 1, 2, len(PICTURE), 3, 1, 0))
    root = gzip.compress(varints(1, 0, 0, len(leaf), 1))
    head = bytearray(127)
    head[:8] = b"PMTiles\x03"
    at = 127
    for place, size in ((8, len(root)), (40, len(leaf)), (56, len(PICTURE) + 3)):
        head[place : place + 8] = at.to_bytes(8, "little")
        head[place + 8 : place + 16] = size.to_bytes(8, "little")
        at += size
    head[97], head[98], head[99], head[100], head[101] = 2, 1, kind, 0, 1
    path = folder / "streets.pmtiles"
    path.write_bytes(bytes(head) + root + leaf + PICTURE + b"abc")
    return path


def test_without_a_choice_there_is_no_base_map_and_the_answer_says_so(colleague):
    assert source_of("") is None
    answer = colleague.client.get(f"{colleague.office.pages}/ground/1/0/0")
    assert answer.status_code == 409
    assert "没有设置底图" in answer.get_data(as_text=True)
    page = colleague.client.get(f"{colleague.office.pages}/map").get_data(as_text=True)
    assert "Wangge.ground" not in page


@pytest.mark.parametrize(
    "told",
    [
        "https://tiles.example/{z}/{x}/{y}.png",
        "bd09 https://tiles.example/{z}/{x}/{y}.png",
        "wgs84 https://tiles.example/{z}/{x}.png",
        "wgs84 file:///{z}/{x}/{y}",
        "tianditu",
        "tianditu a&b=c",
        "pmtiles /no/such/file",
    ],
)
def test_a_choice_without_its_system_or_its_squares_is_refused_in_a_sentence(told):
    with pytest.raises(Misconfigured, match=r"WANGGE_BASE_MAP"):
        source_of(told)


def test_a_picture_is_fetched_once_and_the_key_stays_with_us(monkeypatch):
    asked = []
    monkeypatch.setattr(
        base_maps, "_fetched", lambda address: asked.append(address) or (PICTURE, "image/png")
    )
    source, shelf = source_of("tianditu 0123secret"), Shelf()
    for _ in range(2):
        assert picture(source, shelf, 12, 3300, 1700) == (PICTURE, "image/png")
    assert len(asked) == 1
    assert asked[0].endswith("&TILEMATRIX=12&TILEROW=1700&TILECOL=3300&tk=0123secret")
    assert "secret" not in repr(shelf)


def test_the_page_knows_our_own_address_alone(app, colleague, monkeypatch):
    monkeypatch.setitem(
        app.extensions, "base_map", source_of("gcj02 https://tiles.example/{z}/{x}/{y}?key=secret")
    )
    monkeypatch.setattr(base_maps, "_fetched", lambda address: (PICTURE, "image/png"))
    page = colleague.client.get(f"{colleague.office.pages}/map").get_data(as_text=True)
    assert f'"url": "{colleague.office.pages}/ground/"' in page
    assert '"shifted": true' in page
    assert "secret" not in page
    assert "tiles.example" not in page
    answer = colleague.client.get(f"{colleague.office.pages}/ground/9/400/200")
    assert (answer.data, answer.content_type) == (PICTURE, "image/png")
    assert answer.headers["Cache-Control"].startswith("private, max-age=")
    monkeypatch.setattr(base_maps, "_fetched", lambda address: None)
    assert colleague.client.get(f"{colleague.office.pages}/ground/9/400/201").status_code == 204


def test_a_service_that_answers_something_else_is_not_believed(monkeypatch):
    class Answer:
        headers = property(lambda self: self)

        def get_content_type(self):
            return "text/html"

        def read(self, most):
            return b"<script>alert(1)</script>"

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    monkeypatch.setattr(base_maps, "urlopen", lambda *_, **__: Answer())
    source = source_of("wgs84 http://tiles.example/{z}/{x}/{y}")
    assert picture(source, Shelf(), 1, 0, 0) is None


def test_an_archive_on_our_own_disk_is_read(tmp_path):
    archive = opened(str(an_archive(tmp_path)))
    assert (archive.media_type, archive.deepest) == ("image/png", 1)
    assert tile(archive, 0, 0, 0) == PICTURE
    assert tile(archive, 1, 0, 0) == b"abc"
    assert tile(archive, 1, 0, 1) == b"abc"
    assert tile(archive, 1, 1, 1) is None
    assert source_of(f"pmtiles {archive.path}").deepest == 1


def test_an_archive_of_drawings_is_refused(tmp_path):
    with pytest.raises(NotAnArchive):
        opened(str(an_archive(tmp_path, kind=1)))


def test_numbers_of_tiles_follow_the_curve():
    # https://github.com/protomaps/PMTiles, the specification's own table.
    known = {(0, 0, 0): 0, (1, 0, 0): 1, (1, 0, 1): 2, (1, 1, 1): 3, (1, 1, 0): 4, (2, 0, 0): 5}
    assert {at: tile_number(*at) for at in known} == known
    assert tile_number(12, 3423, 1763) == 19078479
