"""`wangge words`: collects what the other languages still lack. The source is zh-Hans."""

from collections.abc import Mapping
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
CATALOGUES = ROOT / "service" / "translations"
LANGUAGES = ("zh_Hant", "en")
MARKS = (
    "_l",
    "N_",
    "Conflict",
    "InvalidInput",
    "NoSeat",
    "NotAllowed",
    "TooOften",
    "progress:3",
    "_end:2",
)
"""Besides `_`: lazy words, words translated later, our errors' sentences, what a job is doing."""
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
"""No dates and no names: the same words give the same file."""


@click.command()
def words() -> None:
    """Collect the source's words into the catalogues of zh-Hant and English.

    New ones stand there untranslated; those no longer used are removed.
    """
    source = source_words()
    for language in LANGUAGES:
        known = catalogue_words(language)
        kept = {msgid: known.get(msgid, "") for msgid in source}
        _write(language, kept)
        lacking = sum(not words for words in kept.values())
        click.echo(f"{language}:{len(kept)} 条,缺 {lacking} 条")


def source_words() -> set[str]:
    """Every zh-Hans sentence that a page, a worker or the API may show."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        ROOT, methods, options, keywords={**DEFAULT_KEYWORDS, **parse_keywords(MARKS)}
    )
    return {msgid for _file, _line, msgid, _comments, _context in found if isinstance(msgid, str)}


def catalogue_words(language: str) -> dict[str, str]:
    """zh-Hans sentence -> the same in that language, '' where it is still missing."""
    path = _path(language)
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {
        message.id: "" if message.fuzzy else message.string
        for message in catalogue
        if isinstance(message.id, str) and isinstance(message.string, str) and message.id
    }


def _write(language: str, kept: Mapping[str, str]) -> None:
    catalogue = Catalog(locale=language)
    for msgid, said in kept.items():
        catalogue.add(msgid, said)
    path = _path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(HEADER.format(language=language).encode())
        write_po(file, catalogue, width=0, sort_output=True, omit_header=True, no_location=True)


def _path(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "messages.po"
