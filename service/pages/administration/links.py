"""The address of an invitation, shown once: only the hash of its secret is kept."""

from flask import current_app, url_for


def link_to(token: str | None) -> str | None:
    """As people reach us, which behind a proxy is not what a request says of itself."""
    if token is None:
        return None
    public = current_app.config["SETTINGS"].public_url.rstrip("/")
    path = url_for("invitations.show", token=token, _external=not public)
    return f"{public}{path}"
