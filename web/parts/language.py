"""言語, ふりがな: the language in which this request's page speaks."""

from collections.abc import Iterable
from contextvars import ContextVar
from urllib import parse

from flask import Flask, current_app, g, has_request_context, request
from flask_login import current_user
from markupsafe import escape

from library.language import languages, readings, registry
from library.site import translations
from models import Patron
from web import cookies

LANGUAGE_COOKIE, FURIGANA_COOKIE = "lang", "furigana"
ON, OFF = "on", "off"
_SPOKEN: ContextVar[languages.Language | None] = ContextVar("spoken", default=None)  # a page asks two hundred times


def register(app: Flask) -> None:
    """Let templates speak: ``_("文")``, ``…|plain`` for attributes, ``|day``."""
    registry.offered.cache_clear()  # a start reads the library's own languages anew
    app.extensions["languages"] = registry.offered(app.instance_path)
    app.before_request(_forget)
    app.teardown_request(_forget)
    app.jinja_env.globals["_"] = say
    app.jinja_env.globals.update(
        N_=msgid,
        as_it_is=as_it_is,
        is_foreign=is_foreign,
        alternates=alternates,
        joined=joined,
        listed=listed,
        own=own,
        comma=comma,
        speaks_japanese=speaks_japanese,
    )
    app.jinja_env.filters.update(
        plain=plain, bold=Bold, own=own, regular=regular, ja=as_it_is, said=say, branches=branches
    )


def _forget(_: object = None) -> None:
    _SPOKEN.set(None)


def offered() -> dict[str, str]:
    """Return the names of the languages that patrons may choose, by code."""
    return {code: language.name for (code, _), language in current_app.extensions["languages"].items()}


def alternates() -> dict[str, str]:
    """Return the address of this page in each language by code, for search engines; empty for a page that not
    everybody may open, or of a library without a public address.
    """
    public = getattr(current_app.view_functions.get(request.endpoint or ""), "access", "") == "public"
    at = current_app.config["PUBLIC_URL"]
    if not (public and at and request.method == "GET"):
        return {}
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != LANGUAGE_COOKIE]
    return {
        code: f"{at}{parse.quote(request.path)}?{parse.urlencode([*asked, (LANGUAGE_COOKIE, code)])}"
        for code in offered()
    }


def say(text: str, /, **facts: object) -> str:
    """Return a sentence in the language of this request, as ``Language.say``."""
    spoken = current()
    if spoken.is_plain and not facts and type(text) is str:
        return text
    return spoken.say(text, **facts)


def msgid(text: str) -> str:
    """Return a sentence as it is: it is said, with its facts, by the macro that gets it."""
    return text


def own(text: str) -> str:
    """Return a word of the library's own, as a name of a branch or a shelf: translated at the desk, else by the
    catalogue, as a kind of material, else in Japanese that says so.
    """
    spoken = current()
    if spoken.code == languages.JAPANESE or not text:
        return spoken.say(text)
    if "own_words" not in g:
        g.own_words = {} if g.get("plain", False) else translations.in_language(spoken.code)
    said = g.own_words.get(translations.key(text))
    if said:
        return languages.Said(
            readings.plain(said), readings.html(said) if spoken.furigana else escape(readings.plain(said))
        )
    return as_it_is(spoken.say(text))  # a word that we ship has its translation


def branches(names: Iterable[str]) -> str:
    """Return the names of branches in a row, each as ``own``."""
    return current().listed(map(own, names), "・")


def plain(text: str) -> str:
    """Return a sentence without its readings, for attributes."""
    return str.__str__(text) if isinstance(text, languages.Said) else text


class Bold(int):
    """A number that is drawn bold in a sentence: ``_("{n}冊", n=count|bold)``."""

    def __html__(self) -> str:
        return f"<b>{int(self)}</b>"


def joined(texts: Iterable[str], /, **facts: object) -> str:
    """Return sentences one after the other, as ``Language.joined``."""
    return current().joined(texts, **facts)


def listed(words: Iterable[str], comma: str = "、") -> str:
    """Return names one after the other, as ``Language.listed``."""
    return current().listed(words, comma)


def comma() -> str:
    """Return the mark between the words of a list."""
    return "、" if current().is_japanese else ", "


def regular(text: str) -> str:
    """Return weekdays, hours or regular closed days, as ``Language.regular``."""
    return current().regular(text)


def as_it_is(text: str) -> str:
    """Return a text that stays Japanese, as ``Language.as_it_is``."""
    return current().as_it_is(text)


def quote(text: str, code: str) -> str:
    """Return a text that was written in a language, as ``Language.quote``."""
    return current().quote(text, code)


def speaks_japanese() -> bool:
    """Return if this page speaks Japanese, easy or not."""
    return current().is_japanese


def is_foreign(text: object) -> bool:
    """Return if a text must be marked as Japanese on this page, as ``Language.is_foreign``."""
    return current().is_foreign(text)


def current() -> languages.Language:
    """Return the language of this request."""
    return _SPOKEN.get() or _remembered()


def _remembered() -> languages.Language:
    """Return the language of this request, chosen once."""
    spoken = g.get("language")
    if spoken is None:
        spoken = g.language = _chosen()
    if has_request_context():
        _SPOKEN.set(spoken)
    return spoken


def asked() -> str | None:
    """Return the language for an address that somebody without this browser's choice opens; None for Japanese."""
    return None if current().code == languages.JAPANESE else current().code


def speak_to(patron: Patron) -> None:
    """Let this request's answer speak in the language of a patron's notices, as nobody is signed in."""
    g.language = of_notices(patron)
    _SPOKEN.set(g.language)


def of_notices(patron: Patron | None) -> languages.Language:
    """Return the language of a patron's notices, as ``registry.of_notices``."""
    return registry.of_notices(current_app.extensions["languages"], patron)


def named(code: str, furigana: bool = False) -> languages.Language:
    """Return a language by its code; Japanese for one that is not offered."""
    return registry.named(current_app.extensions["languages"], code, furigana)


def _chosen() -> languages.Language:
    """The desk is Japanese. ``?lang=`` counts for its one page."""
    if "desk" in request.blueprints:
        return named(languages.JAPANESE)
    patron = None if g.get("plain", False) else current_user.patron
    asked = request.args.get("lang", "")
    code = asked if asked in offered() else chosen_code(patron)
    return named(code, shows_furigana(patron, code))


def chosen_code(patron: Patron | None) -> str:
    """言語: return the patron's choice, else the cookie's, else Japanese."""
    chosen = (patron and patron.language) or cookies.read(LANGUAGE_COOKIE) or ""
    return chosen if chosen in offered() else languages.JAPANESE


def shows_furigana(patron: Patron | None, code: str) -> bool:
    """ふりがな: return the patron's choice, else the cookie's; without one they are shown in easy Japanese."""
    chosen = (patron and patron.furigana) or cookies.read(FURIGANA_COOKIE) or ""
    return code in languages.WITH_READINGS and (chosen == ON or (code == languages.EASY and chosen != OFF))
