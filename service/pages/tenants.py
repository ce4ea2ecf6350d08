"""Being written."""

from flask import Blueprint

tenants = Blueprint("tenants", __name__)
