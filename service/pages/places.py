"""Being written."""

from flask import Blueprint

places = Blueprint("places", __name__)
