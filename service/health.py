"""Whether this process lives, and whether it can serve."""

from flask import Blueprint, Flask, current_app
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from service.rights import open_to_all
from tenants.database import at_the_door

health = Blueprint("health", __name__)


def attach(app: Flask) -> None:
    app.extensions["redis"] = Redis.from_url(
        app.config["SETTINGS"].redis_url, socket_connect_timeout=1, socket_timeout=1
    )
    app.register_blueprint(health)


@health.get("/healthz")
@open_to_all
def alive() -> tuple[dict[str, str], int]:
    """The process answers."""
    return {"status": "ok"}, 200


@health.get("/readyz")
@open_to_all
def ready() -> tuple[dict[str, str], int]:
    """The database and Redis answer too; names what does not."""
    missing = []
    try:
        with at_the_door() as door:
            door.execute(text("SELECT 1"))
    except OperationalError:
        missing.append("database")
    try:
        current_app.extensions["redis"].ping()
    except RedisError:
        missing.append("redis")
    if missing:
        return {"status": "waiting", "missing": ", ".join(missing)}, 503
    return {"status": "ok"}, 200
