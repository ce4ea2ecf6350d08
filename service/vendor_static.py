"""Copies what the pages load from node_modules into static/vendor, with checksums.

Run after `npm ci` as `npm run vendor`. The result is committed, so that a machine without npm
(or without a network) serves the same bytes; `tests/service/test_static.py` compares them with
`checksums.json`.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = Path(__file__).resolve().parent / "static" / "vendor"
CHECKSUMS = "checksums.json"

WANTED: dict[str, tuple[str, ...]] = {
    "@picocss/pico": ("css/pico.classless.min.css", "LICENSE.md"),
    "htmx.org": ("dist/htmx.min.js", "LICENSE"),
    "leaflet": (
        "dist/leaflet.js",
        "dist/leaflet.css",
        "dist/images/layers.png",
        "dist/images/layers-2x.png",
        "dist/images/marker-icon.png",
        "LICENSE",
    ),
}
"""npm package -> the files taken from it; the folders `css/` and `dist/` are dropped."""


def sums(folder: Path) -> dict[str, str]:
    """Relative path -> SHA-256 of every file in the folder, the list itself left out."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != CHECKSUMS
    }


def recorded(folder: Path = VENDOR) -> dict[str, str]:
    """The committed list, in the shape of `sums`."""
    return dict(json.loads((folder / CHECKSUMS).read_text("utf-8")))


def copy(modules: Path = ROOT / "node_modules", folder: Path = VENDOR) -> dict[str, str]:
    """Replaces the folder by fresh copies, one sub-folder a package and version."""
    shutil.rmtree(folder, ignore_errors=True)
    for package, files in WANTED.items():
        version = json.loads((modules / package / "package.json").read_text("utf-8"))["version"]
        target = folder / f"{package.rsplit('/', 1)[-1]}-{version}"
        for file in files:
            short = file.removeprefix("dist/").removeprefix("css/")
            (target / short).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(modules / package / file, target / short)
    found = sums(folder)
    text = json.dumps(found, indent=2, sort_keys=True)
    (folder / CHECKSUMS).write_text(text + "\n", "utf-8")
    return found


if __name__ == "__main__":
    for name in copy():
        print(name)
