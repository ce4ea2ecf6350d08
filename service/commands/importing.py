"""Being written."""
import click


@click.group()
def import_() -> None:
    """Rosters in."""
