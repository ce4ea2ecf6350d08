"""QR codes of our own addresses, as SVG."""

from io import BytesIO

import segno
from markupsafe import Markup


def qr_code(address: str, *, scale: int = 3, border: int = 1, alone: bool = False) -> Markup:
    """Shapes to be set into a page; `alone`: a file of its own. `border` in modules.

    Error level M: some 15 % of it may be worn off the paper before it can no longer be read.
    """
    content = BytesIO()
    segno.make(address, error="m").save(
        content,
        kind="svg",
        xmldecl=False,
        svgns=alone,
        scale=scale,
        border=border,
        omitsize=True,
        nl=False,
    )
    return Markup(content.getvalue().decode())  # noqa: S704 our own address, drawn as shapes
