"""Being written."""

from flask import Blueprint

arrivals = Blueprint("arrivals", __name__)
