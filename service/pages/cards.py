"""Being written."""

from flask import Blueprint

cards = Blueprint("cards", __name__)
