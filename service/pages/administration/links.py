"""The address of an invitation, shown once: only the hash of its secret is kept."""

from service.public_links import public_link


def link_to(token: str | None) -> str | None:
    """The address to hand on; None where there is no invitation."""
    return None if token is None else public_link("invitations.show", token=token)
