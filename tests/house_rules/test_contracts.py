"""The tools that hold the house together find nothing: contracts, lint, types."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# What the ground may stand on: arrays, shapes, geodesy, one optimiser, one composer of maps.
BELOW_GEO = {"numpy", "scipy", "shapely", "pyproj", "shapefile", "ortools"}
COMPOSER = {"folium", "branca", "jinja2", "markupsafe"}


def run(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A tool of this very environment, run from the project's root."""
    return subprocess.run(
        [str(Path(sys.executable).with_name(tool)), *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "100"},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    "command",
    [
        ("lint-imports", "--no-cache"),
        ("ruff", "check", "--no-cache", "--output-format=concise", "."),
        ("mypy",),
    ],
    ids=["contracts", "lint", "types"],
)
def test_the_tree_is_in_order(command):
    done = run(*command)
    assert done.returncode == 0, f"{' '.join(command)} says:\n{done.stdout}{done.stderr}"


def imports(path: Path) -> Iterator[str]:
    """Top-level names of the packages a file imports, wherever in the file it does."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name.split(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            # A relative import stays in the room it is in.
            yield node.module.split(".")[0] if node.module and not node.level else "geo"


def test_the_ground_stands_on_nothing_of_ours():
    allowed = sys.stdlib_module_names | BELOW_GEO | {"geo"}
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "geo").rglob("*.py")
        for name in imports(path)
        if name not in (allowed | COMPOSER if path.name == "maps.py" else allowed)
    }
    assert found == set()


def test_no_other_file_than_geo_maps_imports_folium():
    rooms = ["service", "workers", "tenants", "geo"]
    found = {
        str(path.relative_to(ROOT))
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        if "folium" in imports(path)
    }
    assert found <= {"geo/maps.py"}
