"""Redirects stopped after every step; a thousand of them are run by `./run bench redirects`."""

from __future__ import annotations

from os import environ

import pytest
from sqlalchemy import create_engine

from tests.faults.redirect_sagas import run

SAGAS, SEED = 60, 20261122


@pytest.fixture
def everywhere():
    engine = create_engine(environ["WANGGE_SUPERUSER_URL"])
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_everybody_is_in_exactly_one_place_after_every_step(app, everywhere):
    sagas = run(app, everywhere, SAGAS, SEED)
    kinds = {step for saga in sagas for step in saga.steps}
    assert kinds >= {"deliver", "let_go", "take_in", "call_off", "tell_county", "hear_county"}
