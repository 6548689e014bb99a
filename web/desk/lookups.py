"""Pages about patrons whose address has a token instead of the typed words: ``?s=``, valid for half an hour.

The token is valid in its session only, so that no address holds a name or a number.
"""

from flask import request
from flask_login import current_user

from library import clock
from library.patrons import lookups

NAME = "s"


def keep(kind: str, words: str) -> str:
    """Store typed words and return their token for the address."""
    return lookups.keep(current_user.session, kind, words, now=clock.now())


def asked(kind: str) -> str:
    """Return the words of the token in this address; empty without one, or after its time."""
    token = request.args.get(NAME, "")[:100]
    return (token and lookups.words_of(current_user.session, kind, token, now=clock.now())) or ""


def is_over(words: str) -> bool:
    """Tell whether the address has a token whose ``words`` (of ``asked``) are gone."""
    return bool(request.args.get(NAME)) and not words
