"""The way in: to the person's first place, and the choice of language."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from service.front_door import scopes_here
from service.languages import LANGUAGES
from service.rights import ROLE_TITLES, open_to_all, signed_in
from tenants.people.door import keep_person

home = Blueprint("home", __name__)


@home.get("/")
@signed_in
def start() -> Response | str:
    """One standing: straight to its map. Several: a choice. None: a page that says so."""
    scopes = scopes_here()
    if len({scope.slug for scope in scopes}) == 1:
        return redirect(url_for("map.show", tenant=scopes[0].slug))
    return render_template("home/choose.html", scopes=scopes, titles=ROLE_TITLES)


@home.post("/language")
@open_to_all
def choose_language() -> Response:
    """Remembered with the person, or in the session before they sign in."""
    language = request.form.get("language", "").replace("-", "_")
    if language in LANGUAGES:
        session["language"] = language
        if current_user.is_authenticated:
            keep_person(current_user.fs_uniquifier, language=language)
    return redirect(_own_path(request.form.get("next", "/")))


def _own_path(path: str) -> str:
    """Only a path of ours is gone back to."""
    plain = path.isprintable() and path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if plain else "/"
