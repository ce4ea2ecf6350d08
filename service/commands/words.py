"""`wangge words`: collects what the other languages still lack. The source is zh-Hans."""

from pathlib import Path
from subprocess import run
from sys import executable
from tempfile import TemporaryDirectory

import click

ROOT = Path(__file__).parents[2]
CATALOGUES = ROOT / "service" / "translations"
MARKS = ("_l", "N_", "Conflict", "InvalidInput", "NoSeat", "NotAllowed", "problem:3")
"""Besides `_`: lazy words, words translated later, and the sentences of our errors."""


@click.command()
def words() -> None:
    """Collect the source's words into the catalogues of zh-Hant and English.

    New ones stand there untranslated; those no longer used are removed.
    """
    with TemporaryDirectory() as folder:
        template = str(Path(folder) / "messages.pot")
        marks = [part for mark in MARKS for part in ("-k", mark)]
        _babel(
            "extract",
            "-F",
            "babel.cfg",
            *marks,
            "--no-location",
            "--sort-output",
            "--project=wangge",
            "-o",
            template,
            ".",
        )
        for language in ("zh_Hant", "en"):
            known = (CATALOGUES / language / "LC_MESSAGES" / "messages.po").exists()
            _babel(
                *("update", "--ignore-obsolete", "--no-fuzzy-matching") if known else ("init",),
                "-i",
                template,
                "-d",
                str(CATALOGUES),
                "-l",
                language,
            )


def _babel(*arguments: str) -> None:
    run([executable, "-m", "babel.messages.frontend", *arguments], cwd=ROOT, check=True)
