"""Everything that is not one of the three main places, and what this software does not do."""

from flask import Blueprint, g, render_template

from service.rights import ROLES, needs
from service.words import RIGHT_WORDS

more = Blueprint("more", __name__)


@more.get("/more")
@needs("see_map")
def show() -> str:
    mine = [words for right, words in RIGHT_WORDS.items() if right in ROLES[g.scope.role]]
    return render_template("more/show.html", rights=mine)
