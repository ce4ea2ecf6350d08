"""Every box that looks up a number counts how many somebody tries."""

from __future__ import annotations

from pathlib import Path

from service.fair_use import NUMBERS

SERVICE = Path(__file__).parents[2] / "service"


def test_whoever_looks_up_a_number_is_counted():
    """A file that asks the register for whole numbers has a route in `fair_use.NUMBERS`."""
    asking = {
        f"{'api_' if path.parent.name == 'api' else ''}{path.stem}"
        for path in SERVICE.rglob("*.py")
        if "phones=True" in path.read_text(encoding="utf-8")
    }
    assert asking == {endpoint.partition(".")[0] for endpoint in NUMBERS}
