"""What waits on other pages for whoever looks at the day: a sentence each, and where to go."""

from collections.abc import Iterator
from datetime import date

from flask import url_for
from flask_babel import gettext as _

from service.rights import allows
from tenants.liaisons.lookups import how_many
from tenants.redirects.lookups import waiting_for_us
from tenants.scope import Scope
from tenants.transfers.lookups import letter_counts


def besides(scope: Scope, day: date, wishes: int) -> Iterator[tuple[str, str]]:
    """(sentence, address) of what is not in the day's walk; nothing for what does not wait.

    `wishes`: how many requests are open.
    """
    tenant = scope.slug
    if allows(scope.role, "redirect_arrivals") and (n := waiting_for_us(scope)):
        said = _("与邻近社区的转接，有 %(n)s 件等我们答复", n=n)
        yield said, url_for("redirects.index", tenant=tenant)
    if allows(scope.role, "manage_transfers"):
        letters = letter_counts(scope, day)
        if letters.near:
            said = _("快到期还没有出示的组织关系介绍信 %(n)s 封", n=letters.near)
            yield said, url_for("transfers.index", tenant=tenant, show="near")
        if letters.lapsed:
            said = _("过期没有出示的组织关系介绍信 %(n)s 封", n=letters.lapsed)
            yield said, url_for("transfers.index", tenant=tenant, show="lapsed")
    if allows(scope.role, "manage_liaisons"):
        _needing, lacking = how_many(scope, day)
        if lacking:
            said = _("没有联系人的流动党员 %(n)s 名", n=lacking)
            yield said, url_for("liaisons.index", tenant=tenant)
    if wishes:
        yield _("看求助办到哪一步"), url_for("visits.index", tenant=tenant)
