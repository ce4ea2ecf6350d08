"""Write a ledger that is too long to wait for into a file.

What it looks like, in which language, is the business of the room that people see. It hangs its
writer on the application; this room only knows where.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from flask import current_app

from tenants.database import db
from tenants.exports.lookups import Wish, wish
from tenants.marking import N_
from tenants.mobility.ledger_files import keep_ledger
from tenants.mobility.ledgers import LedgerLine, ledger_lines, ledger_size
from tenants.people.lookups import shown_names
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease

WRITER: Final = "ledger_writer"
"""Under this name the application keeps the Writer."""
Said = Callable[[int, int], None]
Writer = Callable[[Wish, str, str, Sequence[LedgerLine], Said], bytes]
"""(what was asked for, the tenant's name, who asked, lines, progress) -> the file."""

_READING, _WRITING = N_("正在读取台账"), N_("正在写成文件")


def write_ledger(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """Read in batches, written with no transaction open, sealed before it is kept."""
    export_id = UUID(lease.arguments["export"])
    wanted = wish(scope, export_id)
    by = shown_names(scope, [wanted.made_by]).get(wanted.made_by, "") if wanted.made_by else ""
    total, lines = ledger_size(scope, wanted.kind), []
    for line in ledger_lines(scope, wanted.kind):
        lines.append(line)
        if len(lines) % 1000 == 0:
            progress(len(lines), total, _READING)
    db.session.rollback()
    writer: Writer = current_app.extensions[WRITER]
    content = writer(wanted, scope.name, by, lines, lambda done, of: progress(done, of, _WRITING))
    people = [line.member_id for line in lines]
    return lambda: keep_ledger(
        scope,
        export_id,
        content,
        people,
        kind=wanted.kind,
        form=wanted.form,
        day=date.today(),
    )
