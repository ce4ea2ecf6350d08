"""The command line over the tests' own application."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from service.commands import wangge
from tests.service.commands.matching import BRANCHES, MEMBERS, Folder


@pytest.fixture
def command(app, monkeypatch) -> Callable[..., Result]:
    """Runs `wangge ...` here; it does not open connections of its own, which nobody would close."""
    monkeypatch.setattr("service.app.bare_app", lambda settings: app)
    return lambda *words: CliRunner().invoke(wangge, [str(word) for word in words])


@pytest.fixture
def folder(tmp_path):
    made = Folder(tmp_path)
    made.write("members.csv", MEMBERS)
    made.write("branches.csv", BRANCHES)
    return made
