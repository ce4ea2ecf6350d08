"""Our own files for the browser: addressed by content, so that a tablet fetches each once.

A changed file gets a new address; an address that carries its content's mark never changes. Text is
squeezed once for each process, and sent from memory.
"""

import gzip
import re
from functools import lru_cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

import brotli
from flask import Flask, Response, request
from flask_compress import Compress
from markupsafe import Markup

from service.bundles import BUNDLES, content_of, files_of

FOREVER = "public, max-age=31536000, immutable"
TEXT = (".css", ".js", ".svg")
COMPRESSED = ["application/geo+json", "application/vnd.mapbox-vector-tile"]
"""Not our pages: they hold the form's proof, and compressing it beside what somebody typed would
let a listener guess it (BREACH)."""


def attach(app: Flask) -> None:
    app.config.update(
        COMPRESS_MIMETYPES=COMPRESSED, COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_BR_LEVEL=5
    )
    Compress(app)
    folder = Path(app.static_folder or "")

    @app.url_defaults
    def _address(endpoint: str, values: dict[str, str]) -> None:
        if endpoint == "static" and "v" not in values:
            state = _state(folder, values["filename"])
            if state is not None:
                values["v"] = _mark(folder, values["filename"], state)

    def send(filename: str) -> Response:
        """A file or a bundle; a text in the smallest form that the browser reads."""
        state = _state(folder, filename) if filename.endswith(TEXT) else None
        answer = app.send_static_file(filename) if state is None else _text(folder, filename, state)
        if "v" in request.args and answer.status_code == 200:
            answer.headers["Cache-Control"] = FOREVER
        return answer

    app.view_functions["static"] = send
    # A script that stands in the page itself. Ours alone: it is not escaped.
    app.jinja_env.globals["inline"] = lambda name: Markup(_bare(content_of(folder, name).decode()))


def _text(folder: Path, name: str, state: tuple[float, ...]) -> Response:
    form = request.accept_encodings.best_match(["br", "gzip", "identity"]) or "identity"
    answer = Response(
        _squeezed(folder, name, state, form), content_type=f"{_kind(name)}; charset=utf-8"
    )
    if form != "identity":
        answer.headers["Content-Encoding"] = form
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = "public, max-age=3600"
    answer.set_etag(f"{_mark(folder, name, state)}-{form}")
    answer.make_conditional(request)
    return answer


def _bare(text: str) -> str:
    """Without the notes and the indentation, which a page would carry each time."""
    text = re.sub(r"^/\*.*?\*/\n", "", text, flags=re.DOTALL)
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/**")))


def _kind(name: str) -> str:
    return guess_type(name)[0] or "text/plain"


def _state(folder: Path, name: str) -> tuple[float, ...] | None:
    """When the files behind a name changed last; None when one of them is not there."""
    paths = [folder / file for file in files_of(name)]
    if name not in BUNDLES and ".." in Path(name).parts:
        return None
    if not all(path.is_file() for path in paths):
        return None
    return tuple(path.stat().st_mtime for path in paths)


@lru_cache(maxsize=512)
def _mark(folder: Path, name: str, state: tuple[float, ...]) -> str:
    return sha256(content_of(folder, name)).hexdigest()[:12]


@lru_cache(maxsize=256)
def _squeezed(folder: Path, name: str, state: tuple[float, ...], form: str) -> bytes:
    content = content_of(folder, name)
    if form == "br":
        return bytes(brotli.compress(content, quality=9))
    return gzip.compress(content, 9, mtime=0) if form == "gzip" else content
