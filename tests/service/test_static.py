"""What the browser is given: the vendored bytes are the recorded ones, and nobody else is asked."""

import json
import re
from os.path import normpath
from pathlib import Path
from typing import get_args

import pytest

from geo import maps
from service import vendor_static
from service.bundles import BUNDLES, content_of, files_of
from service.pages import tablet

ROOT = Path(vendor_static.ROOT)
STATIC = ROOT / "service" / "static"
TEMPLATES = ROOT / "templates"
OWN = [
    path
    for path in sorted(STATIC.rglob("*"))
    if path.suffix in {".js", ".css", ".svg", ".html"} and vendor_static.VENDOR not in path.parents
]
PAGES = sorted(TEMPLATES.rglob("*.html"))
NAMESPACE = "http://www.w3.org/2000/svg"


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_vendored_files_are_exactly_the_recorded_ones() -> None:
    assert vendor_static.sums(vendor_static.VENDOR) == vendor_static.recorded()


def test_a_changed_missing_or_added_file_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "kept.js").write_text("1")
    before = vendor_static.sums(tmp_path)
    (tmp_path / "kept.js").write_text("2")
    changed = vendor_static.sums(tmp_path)
    (tmp_path / "added.js").write_text("3")
    assert before != changed
    assert changed != vendor_static.sums(tmp_path)


def test_vendored_versions_are_the_locked_ones() -> None:
    locked = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    folders = {
        f"{package.rsplit('/', 1)[-1]}-{locked['node_modules/' + package]['version']}"
        for package in vendor_static.WANTED
    }
    assert folders == {path.name for path in vendor_static.VENDOR.iterdir() if path.is_dir()}


def test_the_lock_names_no_download_address() -> None:
    text = (ROOT / "package-lock.json").read_text("utf-8")
    assert "resolved" not in text
    assert "://" not in text


@pytest.mark.parametrize("path", OWN + PAGES, ids=named)
def test_our_own_files_name_no_other_host(path: Path) -> None:
    text = path.read_text("utf-8").replace(NAMESPACE, "")
    assert not re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", text)


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_templates_keep_to_the_policy(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert not re.findall(r"<[^>]*\s(?:style|on[a-z]+)=", text)
    tags = re.findall(r'<script\b[^>]*>|<style\b[^>]*>|<link rel="stylesheet"[^>]*>', text)
    assert all("nonce=" in tag for tag in tags)


def test_files_that_pages_and_maps_name_exist() -> None:
    files = set(maps.SCRIPTS + maps.STYLES)
    for page in PAGES:
        pattern = r"""url_for\(['"]static['"], filename=['"]([^'"]+)['"]\)"""
        files.update(re.findall(pattern, page.read_text("utf-8")))
    assert "bundles/pages.css" in files
    files |= set(tablet.FILES)
    parts = {part for file in files for part in files_of(file)}
    assert not [part for part in parts if not (STATIC / part).is_file()]
    # A bundle that nothing names, or names under two different ways, is a left-over.
    assert set(BUNDLES) <= files | {"bundles/tablet.js"}


@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundle_is_its_files_one_after_the_other(name: str) -> None:
    content, at = content_of(STATIC, name).decode("utf-8"), 0
    for file in files_of(name):
        text = (STATIC / file).read_text("utf-8").strip()
        if name.endswith(".js"):
            # Closed, so that what one file declares is nothing to the next.
            assert re.match(r"(?:/\*.*?\*/\s*)*\(function \(\) \{\n", text, flags=re.DOTALL), file
            assert text.endswith("})();")
            at = content.index(text, at) + len(text)
    near = (
        re.findall(r"""url\("?(?!data:|#)([^)"]+)"?\)""", content) if name.endswith(".css") else []
    )
    home = (STATIC / name).parent
    assert not [picture for picture in near if not Path(normpath(home / picture)).is_file()]


def test_what_the_map_draws_and_what_the_legend_shows_are_the_same_kinds() -> None:
    drawn = (STATIC / "map" / "shapes.js").read_text("utf-8")
    legend = (TEMPLATES / "layout" / "icons.html").read_text("utf-8")
    colours = (STATIC / "wangge.css").read_text("utf-8")
    for kind in get_args(maps.Kind):
        assert re.search(rf"^    {kind}[(:]", drawn, flags=re.MULTILINE)
        assert f'kind == "{kind}"' in legend
        assert f"--map-{kind}:" in colours
