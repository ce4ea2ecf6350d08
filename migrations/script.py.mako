"""${message}"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from migrations.policies import county_directory, own_tenant
from sqlalchemy.dialects import postgresql

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
