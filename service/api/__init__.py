"""The programs' door: /api/v1, described by OpenAPI."""

from flask import Flask


def attach(app: Flask) -> None:
    """Being written."""
