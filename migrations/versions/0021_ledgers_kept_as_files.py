"""A ledger too long to wait for is kept as everything a tenant holds is: sealed, until a day."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    # Checking the rows there are reads them as their owner, whom the policies bind too.
    op.execute("ALTER TABLE tenant_export NO FORCE ROW LEVEL SECURITY")
    for name, length, default in (("kind", 12, "everything"), ("form", 4, "zip")):
        op.add_column(
            "tenant_export",
            sa.Column(name, sa.String(length=length), server_default=default, nullable=False),
        )
    op.add_column(
        "tenant_export",
        sa.Column("language", sa.String(length=8), server_default="zh_Hans", nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_tenant_export_kind"),
        "tenant_export",
        "kind IN ('everything', 'inflow', 'outflow', 'register')",
    )
    op.create_check_constraint(
        op.f("ck_tenant_export_form"), "tenant_export", "form IN ('zip', 'xlsx', 'pdf')"
    )
    op.execute("ALTER TABLE tenant_export FORCE ROW LEVEL SECURITY")
