"""Signing in with Flask-Security, on our own people: the door functions, not an ORM.

Flask-Security brings the form, the hashing and its upgrades, the session and its protection;
this file only tells it where people are kept.
"""

from datetime import timedelta
from typing import Any

from flask import Flask, session
from flask_babel import lazy_gettext as _l
from flask_login import user_logged_in, user_logged_out
from flask_security import LoginForm, MailUtil, RoleMixin, Security, UserMixin
from flask_security.datastore import UserDatastore
from wtforms import BooleanField, EmailField, PasswordField, SubmitField

from tenants.marking import N_
from tenants.people.door import (
    KnownPerson,
    end_sessions,
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


class SignInForm(LoginForm):  # type: ignore[misc]
    """The extension's form under our words: it brings none for these languages' names."""

    email = EmailField(_l("电子邮箱"), LoginForm.email.kwargs["validators"])
    password = PasswordField(_l("密码"), LoginForm.password.kwargs["validators"])
    remember = BooleanField(_l("在这台设备上保持登录"))
    submit = SubmitField(_l("登录"))


# What the form says of any mistake: no more than this, by SECURITY_RETURN_GENERIC_RESPONSES.
MESSAGES = {
    "GENERIC_AUTHN_FAILED": N_("邮箱或密码不对。请再试一次；忘了密码请联系管理员。"),
    "UNAUTHENTICATED": N_("请先登录。"),
    "UNAUTHORIZED": N_("您的角色不能做这件事。需要的话请联系管理员。"),
}


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
        keep_person(model.fs_uniquifier, password_hash=model.password)
        return model

    def commit(self) -> None:
        """Each `put` commits by itself, at the door."""


def attach(app: Flask) -> None:
    app.config.update(
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        REMEMBER_COOKIE_DURATION=timedelta(days=7),
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
        SECURITY_I18N_DOMAIN="messages",
        SECURITY_I18N_DIRNAME=[app.config["BABEL_TRANSLATION_DIRECTORIES"]],
        **{f"SECURITY_MSG_{key}": (words, "error") for key, words in MESSAGES.items()},
        RIGHTS_OF_OTHERS={
            "security.login": "open_to_all",
            "security.logout": "signed_in",
        },
    )
    store = PeopleStore()
    security = Security(
        app, store, register_blueprint=True, mail_util_cls=Addresses, login_form=SignInForm
    )
    # One door for programs: the bearer tokens of `front_door`. The extension's own tokens, which
    # travel in addresses and outlive a sign-out, are neither given nor taken.
    security.want_json(lambda _request: False)
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    user_logged_in.connect(_for_a_day, app)
    user_logged_out.connect(_everywhere, app)
    app.login_manager.login_message = _l("请先登录。")  # type: ignore[attr-defined]


def _for_a_day(_app: Flask, **_who: Any) -> None:
    session.permanent = True


def _everywhere(_app: Flask, user: Any, **_more: Any) -> None:
    """Tablets are shared: a copy of the cookie must open nothing once somebody signed out."""
    if getattr(user, "fs_uniquifier", None):
        end_sessions(user.fs_uniquifier)
