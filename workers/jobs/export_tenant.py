"""Pack everything a tenant holds, for its administrators to take away."""

from datetime import date
from uuid import UUID

from tenants.administration.exporting import export
from tenants.administration.exports import keep_export
from tenants.database import db
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def export_tenant(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """Read in batches, sealed again before it is kept."""
    export_id = UUID(lease.arguments["export"])
    content, counts = export(scope, lambda done, total: progress(done, total, "正在打包数据"))
    db.session.rollback()
    return lambda: keep_export(scope, export_id, content, counts, date.today())
