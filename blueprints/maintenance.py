"""システムメンテナンス: while it lasts, forms that write are answered with 503; reading, signing in and signing out go on."""

from flask import current_app, request

from blueprints import errors
from library import clock, maintenance

HEADING = "システムメンテナンス中です"
SENTENCE = "{words}は、予約・延長・利用者情報の変更ができません。検索はできます。"
READS = ("GET", "HEAD", "OPTIONS")
LEND = {"opds.borrow", "opds.own_borrow"}  # the links by which reading programs borrow
GOES_ON = {"desk.sign_in", "session.logout", "session.sign_in", "site.text_size"}


def span():
    return maintenance.parse(current_app.config["MAINTENANCE"])


def words() -> str:
    """毎日 午前4時〜5時; empty where there is none."""
    found = span()
    return found.words if found else ""


def sentence() -> str:
    """What it means to a patron; empty where there is none."""
    return SENTENCE.format(words=words()) if span() else ""


def refuse_to_write():
    """Before a request: the answer where it would write now, None where it may go on."""
    writes = request.method not in READS or request.endpoint in LEND
    if not writes or request.endpoint is None or request.endpoint in GOES_ON:
        return None
    found, now = span(), clock.local(clock.now())
    if found is None or not found.includes(now):
        return None
    return errors.answer(503, said=(HEADING, sentence()), headers={"Retry-After": str(found.seconds_left(now))})
