"""Sensitive fields: sealed with the tenant's own key, found again by a keyed blind value.

AES-256-GCM; the tenant's key is wrapped by the master key; the row's identity is bound in as
associated data, so that a sealed value cannot be moved to another row. Design, section 7.
"""

import hmac
import os
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from sqlalchemy import select

from tenants.database import db
from tenants.organisations.records import TenantKey
from tenants.scope import Scope

FORMAT = b"\x01"
NONCE = 12


@dataclass(frozen=True, slots=True)
class Seal:
    """One tenant's seal. Sealed: format (1 byte), key id (16), nonce (12), cipher text and tag."""

    tenant_id: int
    key_id: UUID
    key: bytes
    blind_key: bytes

    def close(self, text: str, row: UUID, field: str) -> bytes:
        """Seal `text` for one field of one row."""
        return self.close_bytes(text.encode(), row, field)

    def open(self, sealed: bytes, row: UUID, field: str) -> str:
        """The text again. Raises InvalidTag when it was moved or tampered with."""
        return self.open_bytes(sealed, row, field).decode()

    def close_bytes(self, content: bytes, row: UUID, field: str) -> bytes:
        """Seal a whole file."""
        nonce = os.urandom(NONCE)
        body = AESGCM(self.key).encrypt(nonce, content, self._identity(row, field))
        return FORMAT + self.key_id.bytes + nonce + body

    def open_bytes(self, sealed: bytes, row: UUID, field: str) -> bytes:
        """The file again. Raises InvalidTag when it was moved or tampered with."""
        nonce, body = sealed[17 : 17 + NONCE], sealed[17 + NONCE :]
        return AESGCM(self.key).decrypt(nonce, body, self._identity(row, field))

    def blind(self, text: str) -> bytes:
        """A value that is equal for equal texts of this tenant and says nothing else."""
        return hmac.digest(self.blind_key, text.encode(), "sha256")

    def _identity(self, row: UUID, field: str) -> bytes:
        return f"{self.tenant_id}:{row}:{field}".encode()


def seal_of(scope: Scope) -> Seal:
    """The tenant's seal; its key is made when it is first needed."""
    master = current_app.config["MASTER_KEY"]
    newest = db.session.execute(
        select(TenantKey.id, TenantKey.wrapped).order_by(TenantKey.id.desc()).limit(1)
    ).one_or_none()
    key_id, wrapped = newest or _make_key(scope, master)
    return Seal(
        scope.tenant_id,
        key_id,
        AESGCM(master).decrypt(wrapped[:NONCE], wrapped[NONCE:], _wrap_identity(scope)),
        _derived(master, f"blind:{scope.tenant_id}"),
    )


def _make_key(scope: Scope, master: bytes) -> tuple[UUID, bytes]:
    nonce = os.urandom(NONCE)
    key = AESGCM.generate_key(256)
    record = TenantKey(wrapped=nonce + AESGCM(master).encrypt(nonce, key, _wrap_identity(scope)))
    db.session.add(record)
    db.session.flush()
    return record.id, record.wrapped


def _wrap_identity(scope: Scope) -> bytes:
    return f"tenant:{scope.tenant_id}".encode()


def _derived(master: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(master)
