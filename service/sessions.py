"""Sessions in a signed cookie, but none in an answer that the browser keeps."""

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class QuietSessions(SecureCookieSessionInterface):
    """A kept answer neither sets a cookie nor differs by it: else it would be fetched again each
    time the session is signed anew, and a cookie would be replayed from a store."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not response.cache_control.max_age:
            super().save_session(app, session, response)


def attach(app: Flask) -> None:
    app.session_interface = QuietSessions()
