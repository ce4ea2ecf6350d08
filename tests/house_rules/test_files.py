"""What no file of the project may hold: traces of a machine, third hosts, names that say nothing.

The forbidden words are put together from halves, or this file would refuse itself.
"""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FOLDERS = "|".join(["wo" + "rk", "fa" + "rm", "ro" + "ot"])
HOSTS = "|".join(
    first + re.escape(second)
    for first, second in [
        ("python", "hosted"),
        ("npm", "js."),
        ("npm", "mirror."),
        ("deb", ".debian"),
        ("pypi", ".org"),
        ("pypi", ".tuna"),
    ]
)
MACHINE = re.compile(rf"(?<![\w.}}-])/(?:{FOLDERS})/|(?:{HOSTS})")
# A quote, bracket or equals sign right before two slashes opens an address without a scheme.
ADDRESS = re.compile(r"https?://([A-Za-z0-9][-\w.]*)|[\"'(=]//([-\w]+\.[-\w.]+)")
# The W3C's host stands in the names of the SVG and XHTML vocabularies, which nothing fetches.
NAMES_ONLY = {"www.w3.org"}
SERVED = {".html", ".jinja", ".css", ".js", ".mjs", ".svg", ".json", ".webmanifest", ".xml"}
NAMELESS = re.compile(r"^_?(util|helper|common|base|manager|misc)s?$")


@cache
def files() -> list[Path]:
    """Every file that is committed or about to be, relative to the root."""
    # The launcher may run the tests as another user than the one who cloned the project.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-coz", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        found = [Path(name) for name in listed.stdout.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        # An unpacked archive has no history; then whatever is here is looked at.
        out = {".run", ".git", "node_modules", "__pycache__"}
        found = [path.relative_to(ROOT) for path in ROOT.rglob("*")]
        found = [path for path in found if not out & set(path.parts) and ".cache" not in path.name]
    return [path for path in found if (ROOT / path).is_file()]


def own(path: Path) -> bool:
    return "vendor" not in path.parts


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines of a text file; none for a binary one."""
    content = (ROOT / path).read_bytes()
    if b"\0" not in content[:8000]:
        yield from enumerate(content.decode("utf-8", "replace").splitlines(), 1)


def third_hosts(text: str) -> set[str]:
    return {first or second for first, second in ADDRESS.findall(text)} - NAMES_ONLY


def test_the_project_is_listed():
    assert {Path("pyproject.toml"), Path(__file__).relative_to(ROOT)} <= set(files())


def test_no_file_speaks_of_one_machine_or_one_registry():
    found = [
        f"{path}:{number}: {hit.group()}"
        for path in files()
        for number, line in lines(path)
        if (hit := MACHINE.search(line))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("cd /" + "work/main", True),
        ('open("/' + 'root/a")', True),
        ("index = https://files.python" + "hosted.org/a", True),
        ('"resolved": "https://registry.npm' + 'js.org/a"', True),
        ("home/work/other", False),
        ("{{ tenant }}/" + "work/1", False),
        ("npm install, PyPI, Debian", False),
    ],
)
def test_the_eye_for_machines_sees(line, refused):
    assert bool(MACHINE.search(line)) is refused


def test_pages_and_static_files_name_no_third_host():
    looked_at = [
        path
        for path in files()
        if own(path) and path.suffix in SERVED and path.parts[0] in {"service", "templates"}
    ]
    found = [
        f"{path}:{number}: {host}"
        for path in looked_at
        for number, line in lines(path)
        for host in third_hosts(line)
    ]
    assert found == []


def test_vendored_style_sheets_load_nothing_from_elsewhere():
    found = [
        f"{path}: {hit}"
        for path in files()
        if not own(path) and path.suffix == ".css"
        for _, line in lines(path)
        for hit in re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)\"']{0,60}", line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "hosts"),
    [
        ('<script src="https://cdn.example/a.js">', {"cdn.example"}),
        ('<script src="//cdn.example/a.js">', {"cdn.example"}),
        ("src=//cdn.example/a.js", {"cdn.example"}),
        ("background: url(//img.example/a.png)", {"img.example"}),
        ('<svg xmlns="http://www.w3.org/2000/svg">', set()),
        ("const half = 1; // see map.js", set()),
        ('fetch("/api/v1/tenants")', set()),
        ("https://{{ host }}/", set()),
    ],
)
def test_the_eye_for_hosts_sees(line, hosts):
    assert third_hosts(line) == hosts


def test_every_file_has_found_its_name():
    found = [
        str(path)
        for path in files()
        if own(path)
        and any(NAMELESS.match(part) for part in [*path.parts[:-1], path.name.split(".")[0]])
    ]
    assert found == []


@pytest.mark.parametrize("name", ["utils", "helper", "_helpers", "common", "base", "manager"])
def test_the_eye_for_names_sees(name):
    assert NAMELESS.match(name)
    assert not NAMELESS.match(f"{name}_map")


def pinned(lock: str) -> dict[str, list[str]]:
    """Package -> its pin and the options after it, from a requirements lock file."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    logical = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    entries = [line.split() for line in logical.splitlines() if line.strip()]
    return {re.split(r"[=\[ ;@]", words[0])[0].lower(): words for words in entries}


LOCKS = ["requirements.lock", "requirements-dev.lock"]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_pins_each_package_by_version_and_hash(lock):
    packages = pinned(lock)
    assert len(packages) > 20
    for name, words in packages.items():
        assert re.match(r"^[-\w.]+(\[[-\w,]+\])?==[\w.+!-]+$", words[0]), name
        assert any(word.startswith("--hash=sha256:") for word in words[1:]), name


@pytest.mark.parametrize("lock", [*LOCKS, "package-lock.json"])
def test_a_lock_file_holds_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if "://" in line or "index-url" in line] == []


def test_the_two_python_locks_agree():
    product, development = pinned(LOCKS[0]), pinned(LOCKS[1])
    assert {name: development.get(name, [""])[0] for name in product} == {
        name: words[0] for name, words in product.items()
    }


def test_the_javascript_lock_pins_each_package_by_version_and_hash():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert packages
    for name, each in packages.items():
        assert "resolved" not in each, name
        assert each["version"] and each["integrity"].startswith("sha512-"), name


def dependencies() -> dict[str, str]:
    """What the project asks for by name -> the file and part that asks."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {"product": project["project"]["dependencies"], **project["dependency-groups"]}
    found = {
        re.split(r"[\[<>=~!; ]", each)[0].lower(): f"pyproject.toml, {part}"
        for part, names in asked.items()
        for each in names
    }
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    for part in ("dependencies", "devDependencies"):
        found |= dict.fromkeys(package.get(part, {}), f"package.json, {part}")
    return found


def test_the_locks_hold_what_the_project_asks_for():
    for name, part in dependencies().items():
        if part == "pyproject.toml, product":
            assert name in pinned(LOCKS[0]), name
        elif part.startswith("pyproject.toml"):
            assert name in pinned(LOCKS[1]), name


def test_every_dependency_has_its_line_of_why():
    guide = ROOT / "CONTRIBUTING.md"
    assert guide.is_file(), "CONTRIBUTING.md is missing: it says why each dependency is there"
    said = [line.lower() for line in guide.read_text(encoding="utf-8").splitlines()]
    missing = []
    for name, part in dependencies().items():
        # The reason is what remains of the line beside names in backticks.
        reasons = [re.sub(r"`[^`]*`|[^\w]+", " ", line) for line in said if f"`{name}`" in line]
        if not any(len(reason.split()) >= 3 for reason in reasons):
            missing.append(f"{name} ({part})")
    assert missing == [], "CONTRIBUTING.md needs a line with `name` and why for each of these"
