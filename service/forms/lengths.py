"""How long a text may be, said in one sentence."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import Length


def short(most: int) -> Length:
    """At most so many signs."""
    return Length(max=most, message=_l("太长了，最多 %(max)d 个字。"))
