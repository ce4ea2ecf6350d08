"""Erase a closed tenant whose term is over."""

from tenants.administration.erasing import erase
from tenants.scope import Scope
from workers.envelope import Progress, Write
from workers.lease import Lease


def erase_tenant(scope: Scope, lease: Lease, progress: Progress) -> Write:
    """All in the one transaction behind the fence; its report is in the audit."""
    progress(0, 1, "正在清除已关闭单位的数据")

    def write() -> None:
        erase(scope)

    return write
