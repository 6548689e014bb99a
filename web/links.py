"""Addresses of our own pages. To build one takes as long as a question to the database, and few ever differ."""

from functools import lru_cache

import flask
from flask import request

LONGEST_KEPT = 20  # letters; a token is longer, and must not stay in memory
ANY_NUMBER = 1_234_567_890


def url_for(endpoint, **values):
    """Flask's ``url_for`` for paths on this site."""
    if not values and not endpoint.startswith("."):
        return _kept(request.script_root, endpoint, ())
    if len(values) == 1:
        ((name, value),) = values.items()
        if type(value) is int and not endpoint.startswith("."):
            before, after = _around(request.script_root, endpoint, name)
            return f"{before}{value}{after}"
    if endpoint.startswith(".") or any(len(str(value)) > LONGEST_KEPT for value in values.values()):
        return flask.url_for(endpoint, **values)
    return _kept(request.script_root, endpoint, tuple(values.items()))


@lru_cache(maxsize=500)
def _kept(_mounted_at, endpoint, values):
    return flask.url_for(endpoint, **dict(values))


@lru_cache(maxsize=500)
def _around(_mounted_at, endpoint, name):
    """What stands before and after the number in addresses that differ in nothing else: of titles there are many."""
    before, _, after = flask.url_for(endpoint, **{name: ANY_NUMBER}).partition(str(ANY_NUMBER))
    return before, after
