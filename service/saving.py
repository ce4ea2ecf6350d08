"""The one place a page commits."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from tenants.database import db
from tenants.errors import Conflict


@contextmanager
def saving() -> Iterator[None]:
    """What happens inside is kept as a whole when it ends well, and not at all otherwise.

    A key that somebody else took a moment earlier is a Conflict, not a broken page.
    """
    try:
        yield
        db.session.commit()
    except IntegrityError as error:
        db.session.rollback()
        raise Conflict("有人刚刚做了同样的修改,请刷新后再看。") from error
    except BaseException:
        db.session.rollback()
        raise
