"""What leaves `geo.maps`: our own addresses, the nonce everywhere, and no text of anybody's."""

import re

import folium
import pytest

from geo import maps

NONCE = "bm9uY2Utb2YtYS10ZXN0"
COUNTY = maps.Bounds(west=121.45, south=31.21, east=121.49, north=31.25)
HOSTILE = [
    "</script><script>alert(1)</script>",
    "`${alert(1)}`",
    "' onmouseover='alert(1)",
    'x"});alert(1);//',
    "\u202e王小明",
    "王" * 10_000,
    "",
]


def feature_layer(key: str = "arrivals", **changes: object) -> maps.FeatureLayer:
    wanted = {"url": f"/api/v1/tenants/a/features/{key}", "kind": "arrival", **changes}
    return maps.FeatureLayer(key, **wanted)  # type: ignore[arg-type]


def composed(*layers: maps.FeatureLayer, nonce: str = NONCE) -> maps.MapParts:
    return maps.compose(
        COUNTY,
        layers or (feature_layer("cells", kind="cell"), feature_layer(shown=False)),
        scripts=["/static/" + file for file in maps.SCRIPTS],
        styles=["/static/" + file for file in maps.STYLES],
        nonce=nonce,
    )


def whole(parts: maps.MapParts) -> str:
    return parts.header + parts.html + parts.script


def test_no_third_host_and_nothing_of_foliums_own_files() -> None:
    text = whole(composed())
    assert not re.search(r"https?:|//[a-z]", text)
    for foreign in ("bootstrap", "jquery", "fontawesome", "awesome", "glyphicons", "viewport"):
        assert foreign not in text.lower()


def test_every_script_and_style_carries_the_nonce_and_no_style_is_inline() -> None:
    text = whole(composed())
    tags = re.findall(r"<(?:script|link|style)\b[^>]*>", text)
    assert len(tags) == len(maps.SCRIPTS) + len(maps.STYLES) + 1
    assert all(f'nonce="{NONCE}"' in tag for tag in tags)
    assert "<style" not in text
    assert " style=" not in text
    assert not re.search(r"\son[a-z]+=", text)


def test_the_script_opens_the_box_latitude_first_after_the_layers_in_order() -> None:
    script = composed().script
    calls = re.findall(r"Wangge\.(\w+)\(wangge_map, (.*?)\);", script)
    assert [name for name, _ in calls] == ["layer", "layer", "open"]
    assert '"key": "cells"' in calls[0][1]
    assert '"shown": false' in calls[1][1]
    assert calls[2][1] == "[[31.21, 121.45], [31.25, 121.49]]"
    assert '"preferCanvas": true' in script
    assert f'"maxZoom": {maps.MAX_ZOOM}' in script


def test_the_same_map_is_the_same_bytes() -> None:
    assert composed() == composed()


def test_an_address_with_a_query_stays_one_string() -> None:
    script = composed(feature_layer(url="/features?a=1&b=%3C")).script
    assert "/features?a=1\\u0026b=%3C" in script


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_gets_in_as_a_key_an_address_a_kind_or_a_nonce(text: str) -> None:
    for refused in (
        lambda: feature_layer(text),
        lambda: feature_layer(url="/features/" + text + "<"),
        lambda: feature_layer(kind=text),
        lambda: composed(nonce=text),
    ):
        with pytest.raises(ValueError):
            refused()


@pytest.mark.parametrize(
    "url",
    [
        "https://tiles.example/features",
        "//tiles.example/features",
        "features",
        "/\\tiles.example",
        "/a b",
        "/a\n",
        "javascript:alert(1)",
        "",
    ],
)
def test_only_paths_on_our_own_host_are_addresses(url: str) -> None:
    with pytest.raises(ValueError):
        feature_layer(url=url)
    with pytest.raises(ValueError):
        maps.compose(COUNTY, [], scripts=[url], styles=[], nonce=NONCE)


def test_two_layers_with_one_key_are_refused() -> None:
    with pytest.raises(ValueError):
        composed(feature_layer(), feature_layer())


@pytest.mark.parametrize(
    "sides",
    [
        (121.5, 31.2, 121.4, 31.3),
        (31.2, 121.4, 31.3, 121.5),
        (121.4, 31.2, float("nan"), 31.3),
        (121.4, 31.2, float("inf"), 31.3),
        (-200.0, 0.0, 0.0, 1.0),
    ],
    ids=["east of west", "latitude first", "not a number", "infinite", "off the earth"],
)
def test_bounds_that_are_no_box_are_refused(sides: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError):
        maps.Bounds(*sides)


def test_foliums_own_map_is_left_as_it_was() -> None:
    scripts, styles = list(folium.Map.default_js), list(folium.Map.default_css)
    composed()
    one, other = maps.OwnMap(["/a.js"], []), maps.OwnMap(["/b.js"], [])
    one.add_js_link("extra", "/extra.js")
    assert folium.Map.default_js == scripts
    assert folium.Map.default_css == styles
    assert [url for _, url in other.default_js] == ["/b.js"]
