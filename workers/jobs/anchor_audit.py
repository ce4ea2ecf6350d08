"""Every night: the head of the tenant's audit chain is written down outside the database."""

import os
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app

from tenants.audit.lookups import head
from tenants.audit.rules import anchor_line
from tenants.database import db
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def anchor_audit(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """One line in the month's file. A line written twice says the same thing twice."""
    folder = current_app.config["SETTINGS"].anchors
    found = head(scope)
    db.session.rollback()
    if folder and found:
        now = datetime.now(UTC)
        line = anchor_line(scope.tenant_id, found.seq, found.hash, now)
        _append(Path(folder) / f"audit-{now:%Y-%m}.txt", line)
    return lambda: None


def _append(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # One short write at the end of the file: workers that append at once do not mix their lines.
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(file, line.encode())
        os.fsync(file)
    finally:
        os.close(file)
