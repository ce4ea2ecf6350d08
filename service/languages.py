"""Chinese first: zh-Hans in the source, zh-Hant and English by catalogue, chosen by the person."""

from babel.support import Translations
from flask import Flask, has_request_context, request, session
from flask_babel import Babel
from flask_login import current_user
from wtforms.i18n import messages_path

LANGUAGES = {"zh_Hans": "简体中文", "zh_Hant": "繁體中文", "en": "English"}


def attach_words(app: Flask) -> None:
    """The catalogues, also for workers, who are told which language to speak."""
    app.config.update(
        BABEL_DEFAULT_LOCALE="zh_Hans",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        BABEL_TRANSLATION_DIRECTORIES=f"{app.root_path}/translations",
    )
    Babel(app, locale_selector=chosen)


def attach(app: Flask) -> None:
    app.before_request(_choose_form_words)


def chosen() -> str:
    """What the person chose; before that what the browser asks for; else simplified Chinese."""
    if not has_request_context():
        return "zh_Hans"
    if current_user and current_user.is_authenticated:
        return str(current_user.language)
    if session.get("language") in LANGUAGES:
        return str(session["language"])
    asked = request.accept_languages.best_match(["zh-CN", "zh-TW", "zh-HK", "zh", "en"])
    return {"zh-TW": "zh_Hant", "zh-HK": "zh_Hant", "en": "en"}.get(asked or "", "zh_Hans")


def _choose_form_words() -> None:
    """WTForms' own catalogue of traditional Chinese goes by zh_TW, which zh_Hant does not find."""
    if request.method == "POST" and not request.path.startswith("/api/") and chosen() == "zh_Hant":
        known = Translations.load(messages_path(), ["zh_TW"], domain="wtforms")
        request.wtforms_translations = known  # type: ignore[attr-defined]
