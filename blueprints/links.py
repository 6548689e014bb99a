"""Addresses of our own pages. To build one takes as long as a question to the database, and few ever differ."""

from functools import lru_cache

import flask
from flask import request

LONGEST_KEPT = 20  # letters; a token is longer, and must not stay in memory


def url_for(endpoint, **values):
    """Flask's ``url_for`` for paths on this site."""
    if endpoint.startswith(".") or any(len(str(value)) > LONGEST_KEPT for value in values.values()):
        return flask.url_for(endpoint, **values)
    return _kept(request.script_root, endpoint, tuple(values.items()))


@lru_cache(maxsize=500)
def _kept(_mounted_at, endpoint, values):
    return flask.url_for(endpoint, **dict(values))
