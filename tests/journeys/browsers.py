"""Which browser the journeys use, and how it is started."""

from __future__ import annotations

import shutil
from os import environ
from pathlib import Path

import pytest

ARTEFACTS = Path(__file__).parents[2] / ".run" / "artefacts"
TABLET = {"width": 1280, "height": 800}
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What a page's own policy refuses is counted, whoever listens to the console.
COUNT_REFUSALS = """
window.__refused = [];
addEventListener("securitypolicyviolation", (event) =>
  window.__refused.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


def program() -> str:
    """The browser's file."""
    found = environ.get("WANGGE_CHROMIUM") or shutil.which("chromium")
    if not found:
        pytest.fail("no chromium: start the tests with ./run test")
    return found
