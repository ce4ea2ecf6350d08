"""Being written."""

from flask import Blueprint

jobs = Blueprint("jobs", __name__)
