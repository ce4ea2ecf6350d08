"""The fixed cast: who signs in, where they stand, and the browser or program they use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from ipaddress import ip_address
from itertools import count
from secrets import token_hex
from time import time
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from tenants.people.actions import give_standing, issue_token
from tenants.people.door import enter_person, person_by_email, standings_of
from tenants.scope import Scope
from tests.factories.counties import Community, Office

PASSWORD = "a-fictitious-password"
CSRF = token_hex(20)


class Browser(FlaskClient):
    """A browser with our page open: what it posts carries the page's token.

    `csrf=False` leaves the token out, as a forged form would.
    """

    def open(self, *args: Any, csrf: bool = True, **kwargs: Any) -> TestResponse:
        if csrf:
            proof = URLSafeTimedSerializer(
                self.application.secret_key, salt="wtf-csrf-token"
            ).dumps(CSRF)
            kwargs["headers"] = {"X-CSRFToken": proof, **dict(kwargs.get("headers") or {})}
        return super().open(*args, **kwargs)


class Program(FlaskClient):
    """A program with a bearer token and no cookie."""

    token = ""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        bearer = {"Authorization": f"Bearer {self.token}"}
        kwargs["headers"] = {**bearer, **dict(kwargs.get("headers") or {})}
        return super().open(*args, **kwargs)


_desks = count(1)


@dataclass
class Cast:
    """One person of the cast in one tenant."""

    office: Office
    scope: Scope
    person_id: UUID
    email: str
    name: str

    @cached_property
    def client(self) -> Browser:
        """A signed-in browser (its cookie is set directly: hashing a password is slow)."""
        with self.office.app.app_context():
            known = person_by_email(self.email)
        browser = a_browser(self.office.app)
        with browser.session_transaction() as session:
            session.update(_user_id=known.uniquifier, _fresh=True, fs_paa=time(), csrf_token=CSRF)
        return browser

    @cached_property
    def token(self) -> str:
        """A bearer token with this person's rights."""
        with self.office.acting():
            return issue_token(self.office.scope, self.scope.standing_id, "test")

    @cached_property
    def program(self) -> Program:
        """A program that carries the token."""
        program = Program(self.office.app, use_cookies=False)
        program.token = self.token
        return program

    def acting(self):
        """Act as this person in their tenant; see `Office.acting`."""
        return self.office.acting(self.scope)


def a_browser(app: Flask) -> Browser:
    """A browser with nobody signed in, at a desk of its own: limits count by address too."""
    browser = Browser(app)
    browser.environ_base["REMOTE_ADDR"] = str(ip_address("10.0.0.0") + next(_desks))
    with browser.session_transaction() as session:
        session["csrf_token"] = CSRF
    return browser


def a_person(
    office: Office,
    role: str,
    *,
    name: str = "甲某",
    cell: UUID | None = None,
    branch: UUID | None = None,
) -> Cast:
    """Somebody who signs in with PASSWORD and has this one standing."""
    email = f"{role}-{token_hex(6)}@example.invalid"
    with office.app.app_context():
        person_id = enter_person(email, name, _hash(office.app))
    with office.acting():
        give_standing(office.scope, person_id, name, role, cell_id=cell, branch_id=branch)
    with office.app.app_context():
        scope = next(s for s in standings_of(person_id) if s.tenant_id == office.tenant_id)
    return Cast(office, scope, person_id, email, name)


def a_leader(community: Community, cell: int = 1) -> Cast:
    """The leader of cell 1 to 4."""
    return a_person(community, "grid_leader", name="网格长甲", cell=community.cells[cell - 1])


def an_officer(community: Community, branch: int = 1) -> Cast:
    """An officer of branch 1 to 3."""
    return a_person(
        community, "branch_officer", name="支委乙", branch=community.branches[branch - 1]
    )


@cache
def _hash(app: Flask) -> str:
    with app.test_request_context():
        return str(hash_password(PASSWORD))
