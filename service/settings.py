"""The environment, read once into one frozen value. Refuses to start with a clear sentence."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass

NEEDED = {
    "web": (
        "WANGGE_APP_URL",
        "WANGGE_OVERSEE_URL",
        "WANGGE_REDIS_URL",
        "WANGGE_SECRET_KEY",
        "WANGGE_MASTER_KEY",
    ),
    "worker": ("WANGGE_APP_URL", "WANGGE_OVERSEE_URL", "WANGGE_REDIS_URL", "WANGGE_MASTER_KEY"),
    "relay": ("WANGGE_DISPATCH_URL", "WANGGE_REDIS_URL"),
    "migrate": ("WANGGE_OWNER_URL",),
    "command": ("WANGGE_APP_URL", "WANGGE_MASTER_KEY"),
}
"""What each kind of process must be told; nobody is told more than they need."""


class Misconfigured(SystemExit):
    """Something in the environment is missing or unusable; the sentence says what."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One process's settings.

    The URLs are SQLAlchemy's, one database role each; `redis_url` is redis-py's; `master_key`
    wraps the tenants' keys; `public_url` is how people reach us (https:// makes cookies secure);
    `base_map` is an XYZ template of a map service inside the office's network, or empty;
    `anchors` is a folder outside the database for the heads of the audit chains, or empty.
    """

    process: str
    app_url: str = ""
    oversee_url: str = ""
    dispatch_url: str = ""
    owner_url: str = ""
    redis_url: str = ""
    secret_key: str = ""
    master_key: bytes = b""
    public_url: str = ""
    base_map: str = ""
    anchors: str = ""


def read(environment: Mapping[str, str], process: str) -> Settings:
    """Settings for a kind of process: web, worker, relay, migrate or command.

    Raises Misconfigured with one sentence that names everything missing.
    """
    missing = [name for name in NEEDED[process] if not environment.get(name)]
    if missing:
        raise Misconfigured(f"缺少环境变量 {'、'.join(missing)},无法启动;请设置后再试。")

    def told(name: str) -> str:
        return environment.get(name, "")

    return Settings(
        process=process,
        app_url=told("WANGGE_APP_URL"),
        oversee_url=told("WANGGE_OVERSEE_URL"),
        dispatch_url=told("WANGGE_DISPATCH_URL"),
        owner_url=told("WANGGE_OWNER_URL"),
        redis_url=told("WANGGE_REDIS_URL"),
        secret_key=_long_enough(told("WANGGE_SECRET_KEY")),
        master_key=_master_key(told("WANGGE_MASTER_KEY")),
        public_url=told("WANGGE_PUBLIC_URL"),
        base_map=told("WANGGE_BASE_MAP"),
        anchors=told("WANGGE_ANCHORS"),
    )


def _long_enough(secret: str) -> str:
    if secret and len(secret) < 32:
        raise Misconfigured("WANGGE_SECRET_KEY 太短,至少 32 个字符;请换一个随机的长字符串。")
    return secret


def _master_key(written: str) -> bytes:
    if not written:
        return b""
    try:
        key = b64decode(written, validate=True)
    except NotBase64:
        key = b""
    if len(key) != 32:
        raise Misconfigured("WANGGE_MASTER_KEY 应是 32 字节的 base64;请重新生成。")
    return key
