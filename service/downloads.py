"""A file to keep, under a name that may be Chinese."""

import re
from pathlib import PurePath
from typing import Final
from urllib.parse import quote

from flask import Response

_TYPES: Final = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pdf": "application/pdf",
}
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")


def attached(content: bytes, name: str) -> Response:
    """An answer that is saved as `name` (RFC 5987, RFC 6266); its ending says what it is."""
    ending = PurePath(name).suffix
    answer = Response(content, content_type=_TYPES[ending])
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"wangge{ending}\"; filename*=UTF-8''"
        f"{quote(_NOT_IN_NAMES.sub('_', name), safe='')}"
    )
    return answer
