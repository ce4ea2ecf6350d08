"""Wires everything together. Only the WSGI server, the command line and tests import this."""

from os import environ
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from service import (
    api,
    audit_words,
    error_pages,
    fair_use,
    front_door,
    headers,
    health,
    languages,
    ledgers,
    limits,
    page_frame,
    pages,
    roster_words,
    sentences,
    sessions,
    signing_in,
    static_files,
    words,
    written,
)
from service.settings import Settings, read
from tenants import database, records

ROOT = Path(__file__).resolve().parent.parent


def bare_app(settings: Settings) -> Flask:
    """The application without any door: for workers and the command line."""
    app = Flask(
        "service",
        root_path=str(ROOT / "service"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "service" / "static"),
    )
    binds = {"oversee": settings.oversee_url} if settings.oversee_url else {}
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.app_url,
        SQLALCHEMY_BINDS=binds,
        # An error's text goes to the log: without the values somebody typed.
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_pre_ping": True,
            "pool_size": 8,
            "max_overflow": 8,
            "hide_parameters": True,
        },
        SECRET_KEY=settings.secret_key,
        MASTER_KEY=settings.master_key,
        SETTINGS=settings,
    )
    database.attach(app)
    app.config["RECORDS"] = records.ALL
    # A worker writes ledgers too, in the language of whoever asked.
    languages.attach_words(app)
    ledgers.attach(app)
    return app


def create_app(settings: Settings) -> Flask:
    """The web application."""
    app = bare_app(settings)
    secure = settings.public_url.startswith("https://")
    app.config.update(
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=secure,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=20 * 1024 * 1024,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    if settings.public_url:
        # Only behind a proxy of ours is what a request says of its sender believed.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    for part in (
        languages,
        words,
        written,
        page_frame,
        audit_words,
        roster_words,
        sentences,
        headers,
        sessions,
        static_files,
        error_pages,
        signing_in,
        limits,
        front_door,
        health,
        pages,
        api,
        fair_use,
    ):
        part.attach(app)
    return app


def wsgi() -> Flask:
    """What gunicorn calls: `service.app:wsgi()`."""
    return create_app(read(environ, "web"))
