"""Being written."""

from flask import Blueprint

more = Blueprint("more", __name__)
