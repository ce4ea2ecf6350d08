"""The page that works without a network, and the worker that lets it open there.

The page itself holds nobody's data: its scripts fill it from what the tablet keeps, sealed.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, g, json, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from service.forms.visits import DID, ONE_TAP
from service.rights import allows, needs, open_to_all

tablet = Blueprint("tablet", __name__)
tablet_worker = Blueprint("tablet_worker", __name__)

FILES = (
    "bundles/pages.css",
    "vendor/htmx.org-2.0.11/htmx.min.js",
    "bundles/tablet.js",
    "bundles/offline.css",
    "vendor/leaflet-1.9.4/leaflet.js",
    "bundles/offline.js",
)
"""What the page needs without a network, under the addresses that templates write."""


@tablet.get("/tablet")
@needs("record_visits")
def show() -> str:
    return render_template("tablet/show.html", did_words=DID, one_tap=ONE_TAP)


@tablet_worker.get("/sw.js")
@open_to_all
def worker() -> Response:
    """The service worker, with the files of this version. Nobody's data; asked for each time."""
    folder = Path(current_app.static_folder or "")
    source = (folder / "offline" / "worker.js").read_text("utf-8")
    files = [url_for("static", filename=name) for name in FILES]
    version = sha256("\n".join([source, *files]).encode()).hexdigest()[:12]
    shell = json.dumps({"version": version, "files": files})
    answer = Response(f"const SHELL = {shell};\n{source}", content_type="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@tablet_worker.app_context_processor
def _tablet() -> dict[str, Any]:
    return {"tablet_here": tablet_here}


def tablet_here() -> dict[str, Any] | None:
    """What every page tells the tablet's scripts; None for whoever records no visits here."""
    scope = g.get("scope")
    if (
        scope is None
        or not current_user.is_authenticated
        or not allows(scope.role, "record_visits")
    ):
        return None
    return {
        "tenant": scope.slug,
        # Keeps two people on one tablet apart; says nothing about who they are.
        "person": sha256(f"{scope.slug} {current_user.id}".encode()).hexdigest()[:16],
        "here": url_for("tablet.show", tenant=scope.slug),
        "api": f"/api/v1/tenants/{scope.slug}",
        "worker": url_for("tablet_worker.worker"),
        "proof": generate_csrf(),
        "words": {
            "unsent": _("{n} 条未送出"),
            "look": _("{n} 条要您看一下"),
            "comma": _("，"),
            "signIn": _("请重新登录"),
            "goOffline": _("没有网络也能记：到离线工作。"),
            "unreadable": _("服务器看不懂这一条，没有保存。请照着重新记一次。"),
            "noRoom": _("平板的存储空间快满了。请先送出或把未送出的存成文件，再清理空间。"),
            "noStore": _(
                "这个浏览器不让保存数据，离线时记的东西会丢。请换一个浏览器，或不用无痕窗口。"
            ),
            "leaving": _(
                "还有 {n} 条没有送出。它们会加密留在这台平板上，您下次登录时接着送；清单和钥匙现在"
                "就删除。仍要退出，请再点一次。"
            ),
        },
    }
