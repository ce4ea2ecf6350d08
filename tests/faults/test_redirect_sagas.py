"""Redirects stopped after every step; a thousand of them are run by `./run bench redirects`."""

from __future__ import annotations

from os import environ

import pytest
from sqlalchemy import create_engine

from tests.faults.redirect_sagas import run
from workers.jobs.carry_redirect import STEPS

SAGAS, SEED = 150, 20261122


@pytest.fixture
def everywhere():
    engine = create_engine(environ["WANGGE_SUPERUSER_URL"])
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_everybody_is_in_exactly_one_place_after_every_step(app, everywhere):
    done = run(app, everywhere, SAGAS, SEED)
    assert set(done) >= {*STEPS, "(broken off)", "(done twice)"}
