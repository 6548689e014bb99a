"""Pages about people whose address holds a token in place of what was typed: ``?s=``, good for half an hour in this session."""

from flask import request
from flask_login import current_user

from library import clock
from library.patrons import lookups

NAME = "s"


def keep(kind: str, words: str) -> str:
    """Store what was typed and return the token for the address."""
    return lookups.keep(current_user.session, kind, words, now=clock.now())


def asked(kind: str) -> str:
    """Return what was typed for this page; empty where nothing was, or its time is over."""
    token = request.args.get(NAME, "")[:100]
    return (token and lookups.words_of(current_user.session, kind, token, now=clock.now())) or ""


def is_over(words: str) -> bool:
    """Tell whether the page was asked for by a token whose words are gone."""
    return bool(request.args.get(NAME)) and not words
