"""What a list may show of a number that is sealed."""


def masked(number: str, last: int = 4) -> str:
    """The last signs of a number, stars for the others."""
    return "*" * max(0, len(number) - last) + number[-last:]
