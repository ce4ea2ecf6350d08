"""Signing in with Flask-Security, on our own people: the door functions, not an ORM.

Flask-Security brings the form, the hashing and its upgrades, the session and its protection;
this file only tells it where people are kept.
"""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_security import MailUtil, RoleMixin, Security, UserMixin
from flask_security.datastore import UserDatastore

from tenants.people.door import (
    KnownPerson,
    keep_person,
    person_by_email,
    person_by_uniquifier,
)


class SignedIn(UserMixin):
    """The person behind a session, as Flask-Security wants to see them."""

    id: Any = None
    email = ""
    password = ""
    active = True
    fs_uniquifier = ""
    roles: list[Any] = []

    def __init__(self, person: KnownPerson) -> None:
        self.id = person.id
        self.email = person.email
        self.name = person.name
        self.password = person.password_hash
        self.active = person.active
        self.fs_uniquifier = person.uniquifier
        self.language = person.language


class NoRole(RoleMixin):
    """Flask-Security's roles are not used: standings and `rights.py` decide."""

    name = ""


class Addresses(MailUtil):
    """An address is what people are looked up by; we write to none.

    The extension's own check refuses addresses of an intranet, such as those ending in .local.
    """

    def normalize(self, email: str) -> str:
        return email.strip().lower()


class PeopleStore(UserDatastore):
    """Flask-Security's questions, answered through the door."""

    def __init__(self) -> None:
        super().__init__(SignedIn, NoRole)

    def find_user(
        self, case_insensitive: bool = False, session: Any = None, **wanted: Any
    ) -> SignedIn | None:
        if "fs_uniquifier" in wanted:
            person = person_by_uniquifier(str(wanted["fs_uniquifier"]))
        else:
            person = person_by_email(str(wanted["email"]))
        return None if person is None else SignedIn(person)

    def find_role(self, role: str) -> None:
        return None

    def put(self, model: Any) -> Any:
        keep_person(model.id, password_hash=model.password, uniquifier=model.fs_uniquifier)
        return model

    def commit(self) -> None:
        """Each `put` commits by itself, at the door."""


def attach(app: Flask) -> None:
    app.config.update(
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_LOGIN_USER_TEMPLATE="people/sign_in.html",
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/sign-in",
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_SALT="not used by argon2, demanded by the extension",
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_UNIFIED_SIGNIN=False,
        SECURITY_FRESHNESS=timedelta(minutes=-1),
        SECURITY_CACHE_CONTROL=None,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS=False,
        SECURITY_STATIC_FOLDER=None,
        RIGHTS_OF_OTHERS={
            "security.login": "open_to_all",
            "security.logout": "signed_in",
        },
    )
    store = PeopleStore()
    Security(app, store, register_blueprint=True, mail_util_cls=Addresses)
    app.login_manager.login_message = _l("请先登录。")  # type: ignore[attr-defined]
