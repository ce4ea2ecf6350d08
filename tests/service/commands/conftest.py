"""The command line over the tests' own application."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from service.commands import wangge


@pytest.fixture
def command(app, monkeypatch) -> Callable[..., Result]:
    """Runs `wangge ...` here; it does not open connections of its own, which nobody would close."""
    monkeypatch.setattr("service.app.bare_app", lambda settings: app)
    return lambda *words: CliRunner().invoke(wangge, [str(word) for word in words])
