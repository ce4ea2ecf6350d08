"""Being written."""
import click


@click.group()
def demo() -> None:
    """The demo counties."""
