"""What can go wrong, as classes with a code. No HTTP here: `service.error_pages` has the table."""


class WanggeError(Exception):
    """Root of what we raise on purpose.

    `code` is for programs, `sentence` is for people: what, where, what to do. It is written with
    %(name)s places for the facts; as written it is `msgid`, which pages translate.
    """

    code = "error"

    def __init__(self, sentence: str = "", **facts: object) -> None:
        self.msgid = sentence
        self.sentence = sentence % facts if "%(" in sentence else sentence
        self.facts = facts
        super().__init__(self.sentence or self.code)


class NotFound(WanggeError):
    """It does not exist, or it is not yours: the two must look alike."""

    code = "not_found"


class NotAllowed(WanggeError):
    """You may see it, but your role may not do this to it."""

    code = "not_allowed"


class Conflict(WanggeError):
    """Somebody changed it first, or its state no longer permits the act."""

    code = "conflict"


class Paused(Conflict):
    """The tenant can be read and not changed for now."""

    code = "paused"


class Closed(Conflict):
    """The tenant is closed; its data waits to be erased."""

    code = "closed"


class InvalidInput(WanggeError):
    """What was sent cannot be used; nothing was kept of it."""

    code = "invalid_input"


class TooOften(WanggeError):
    """The same person did the same thing more often than anybody needs to."""

    code = "too_often"


class NoSeat(Conflict):
    """The branch has no free place."""

    code = "no_seat"


class Gone(WanggeError):
    """It was taken back for good: whoever keeps a copy drops it."""

    code = "gone"


class LeaseLost(RuntimeError):
    """Another worker took the job over; whatever was computed here is dropped."""
