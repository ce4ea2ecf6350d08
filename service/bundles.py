"""Files that travel together: each request costs a slow network more than its bytes do.

A bundle is its files one after the other, as they are; there is no build step. Our scripts are
closed functions, so one after the other is what they were as deferred scripts. A bundle has an
address below `bundles/` like any other file, and whoever names it need not know what is in it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path

PICO = "vendor/pico-2.1.1/pico.classless.min.css"
LEAFLET_STYLE = "vendor/leaflet-1.9.4/leaflet.css"

BUNDLES: Mapping[str, tuple[str, ...]] = {
    "bundles/pages.css": (PICO, "wangge.css"),
    "bundles/map.css": (LEAFLET_STYLE, "map/map.css"),
    "bundles/offline.css": ("visits.css", LEAFLET_STYLE, "map/map.css", "offline/tablet.css"),
    "bundles/tablet.js": (
        "pages.js",
        "offline/store.js",
        "offline/kept.js",
        "offline/outbox.js",
        "offline/boot.js",
    ),
    "bundles/map.js": (
        "map/shapes.js",
        "map/labels.js",
        "map/layer.js",
        "map/tiles.js",
        "map/ground.js",
        "map/sheet.js",
        "map/search.js",
        "map/map.js",
    ),
    "bundles/offline.js": (
        "map/shapes.js",
        "offline/ground.js",
        "offline/lines.js",
        "offline/tablet.js",
    ),
}
"""Name under `static` -> its files, in the order in which they take effect."""

_NEAR = re.compile(r"""url\((["']?)(?!["']?(?:data:|/|#))([^)"']+)\1\)""")


def files_of(name: str) -> tuple[str, ...]:
    """The files behind a name: those of a bundle, or the file itself."""
    return BUNDLES.get(name, (name,))


def content_of(folder: Path, name: str) -> bytes:
    """What is sent under this name. OSError when a file is not there."""
    if name not in BUNDLES:
        return (folder / name).read_bytes()
    return b"".join(_part(folder, name, file) for file in BUNDLES[name])


def _part(folder: Path, bundle: str, file: str) -> bytes:
    text = (folder / file).read_text("utf-8")
    if file.endswith(".css"):
        # Pictures are named from where the style sheet was.
        home = posixpath.relpath(posixpath.dirname(file) or ".", posixpath.dirname(bundle))
        text = _NEAR.sub(lambda found: f'url("{posixpath.join(home, found[2])}")', text)
        return f"{text}\n".encode()
    # The end of the one must not be read together with the beginning of the next.
    return f"{text}\n;\n".encode()
