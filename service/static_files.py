"""Our own files for the browser: addressed by content, so that a tablet fetches each once.

A changed file gets a new address; an address that carries its content's mark never changes.
"""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, request
from flask_compress import Compress

FOREVER = "public, max-age=31536000, immutable"
COMPRESSED = [
    "text/css",
    "text/javascript",
    "application/javascript",
    "image/svg+xml",
    "application/geo+json",
    "application/vnd.mapbox-vector-tile",
]
"""Not our pages: they hold the form's proof, and compressing it beside what somebody typed would
let a listener guess it (BREACH)."""


def attach(app: Flask) -> None:
    app.config.update(
        COMPRESS_MIMETYPES=COMPRESSED, COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_BR_LEVEL=5
    )
    Compress(app)
    folder = Path(app.static_folder or "")

    @lru_cache(maxsize=512)
    def mark(name: str, changed: float) -> str:
        return sha256((folder / name).read_bytes()).hexdigest()[:12]

    @app.url_defaults
    def _address(endpoint: str, values: dict[str, str]) -> None:
        if endpoint == "static" and "v" not in values:
            path = folder / values["filename"]
            if path.is_file():
                values["v"] = mark(values["filename"], path.stat().st_mtime)

    @app.after_request
    def _keep(response: Response) -> Response:
        if request.endpoint == "static" and hasattr(response.response, "close"):
            # Compressing puts bytes in the open file's place and would forget to close it.
            response.call_on_close(response.response.close)
        if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
            response.headers["Cache-Control"] = FOREVER
        return response
