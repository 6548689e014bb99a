"""/backup/latest: the newest copy for a machine with a token, whole or the rest of it, one at a time; nothing for
anybody else.
"""

import base64
import errno
import hashlib

import pytest

from library import clock, errors
from library.backups import latest, tokens
from library.calendar import before_opening
from library.cutover import opening
from library.files import age
from library.store import backup
from models import Audit, BackupToken
from tests import factories

HOME, ELSEWHERE = "192.0.2.10", "203.0.113.9"


@pytest.fixture(scope="module")
def key():
    return age.new_key()


@pytest.fixture
def fetch(browse, app, key):
    """``fetch(token)`` asks for the newest copy from an address; ``fetch.token`` is good at HOME."""
    app.config["BACKUP_RECIPIENT"] = key.recipient
    backup.nightly(backup.folder(app.config["INSTANCE"]), now=clock.now())

    def fetch(token=None, address=HOME, method="GET", **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if token := fetch.token if token is None else token:
            headers["Authorization"] = f"Bearer {token}".encode().decode("latin-1")
        return browse.client.open(
            "/backup/latest",
            method=method,
            headers=headers,
            environ_overrides={"REMOTE_ADDR": address},
            buffered=True,
        )

    fetch.token = tokens.add("bunkan", [HOME], by="command", now=clock.now())
    fetch.folder = backup.folder(app.config["INSTANCE"])
    return fetch


def sha256_of(answer):
    """The SHA-256 that the answer tells, as hexadecimal letters."""
    return base64.b64decode(answer.headers["Repr-Digest"].removeprefix("sha-256=:").removesuffix(":")).hex()


def test_the_copy_leaves_encrypted_with_its_sum(fetch, key, tmp_path):
    answer = fetch()
    assert answer.status_code == 200
    assert hashlib.sha256(answer.data).hexdigest() == sha256_of(answer) == answer.get_etag()[0]
    assert answer.content_length == len(answer.data)
    assert answer.headers["Content-Disposition"] == "attachment; filename=madoguchi-2026-11-25.sqlite3.age"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    (tmp_path / "copy.age").write_bytes(answer.data)
    age.decrypt(tmp_path / "copy.age", tmp_path / "copy", key.secret)
    assert (tmp_path / "copy").read_bytes() == backup.newest(fetch.folder).read_bytes()
    assert BackupToken.get().used_at == clock.now()


def test_a_machine_with_the_backup_fetches_nothing_and_one_with_a_part_the_rest(fetch):
    whole = fetch()
    etag = f'"{whole.get_etag()[0]}"'
    same = fetch(If_None_Match=etag)
    assert (same.status_code, same.data, same.get_etag()) == (304, b"", whole.get_etag())
    rest = fetch(Range="bytes=1000-", If_Range=etag)
    assert (rest.status_code, rest.data) == (206, whole.data[1000:])
    assert sha256_of(rest) == sha256_of(whole)
    assert fetch(Range="bytes=1000-", If_Range='"another"').data == whole.data
    beyond = fetch(Range=f"bytes={len(whole.data)}-", If_Range=etag)
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(whole.data)}")
    head = fetch(method="HEAD")
    assert (head.status_code, head.data, head.content_length) == (200, b"", len(whole.data))
    assert fetch().data == whole.data  # none of them is still held


def test_without_a_key_to_encrypt_to_or_a_copy_there_is_nothing(app, fetch):
    for path in fetch.folder.iterdir():
        path.unlink()
    assert fetch().status_code == 404
    assert fetch("wrong").status_code == 401
    app.config["BACKUP_RECIPIENT"] = ""
    assert fetch().status_code == 404
    assert fetch("wrong").status_code == 404


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic x"}, {"Authorization": "Bearer"}])
def test_a_stolen_token_a_wrong_one_and_none_are_told_the_same(fetch, browse, headers):
    answers = [fetch("wrong"), fetch(address=ELSEWHERE), fetch(fetch.token[:-1]), fetch("ひみつ")]
    overrides = {"REMOTE_ADDR": HOME}
    answers.append(browse.client.get("/backup/latest", headers=headers, environ_overrides=overrides))
    assert {(answer.status_code, answer.data, answer.headers["WWW-Authenticate"]) for answer in answers} == {
        (401, b"", "Bearer")
    }
    assert BackupToken.get().used_at is None
    assert {row.action for row in Audit.select()} == {"backup_token.added", tokens.UNKNOWN, tokens.MISUSED}


def test_a_stranger_who_guesses_waits_and_the_machine_does_not(fetch):
    for _ in range(tokens.FREE):
        assert fetch("wrong").status_code == 401
    waits = fetch("wrong")
    assert (waits.status_code, waits.headers["Retry-After"]) == (429, "3600")
    assert fetch().status_code == 200


def test_it_is_sent_to_one_at_a_time(fetch, app):
    reading = fetch_unread(app, fetch.token)
    busy = fetch()
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "60")
    reading.close()
    assert fetch().status_code == 200


def fetch_unread(app, token):
    """Begin to fetch, and read nothing yet."""
    headers = {"Authorization": f"Bearer {token}"}
    return app.test_client().get("/backup/latest", headers=headers, environ_overrides={"REMOTE_ADDR": HOME})


def test_it_is_refused_while_somebody_makes_it(fetch, monkeypatch):
    monkeypatch.setattr(latest.FileLock, "acquire", lambda _: False)
    assert fetch().status_code == 503


@pytest.mark.parametrize("full", [errors.AgeNotWritten(), OSError(errno.ENOSPC, "no room")])
def test_a_full_disk_is_said_in_a_sentence(fetch, monkeypatch, full):
    def encrypt(*_):
        raise full

    monkeypatch.setattr(age, "encrypt", encrypt)
    answer = fetch()
    assert (answer.status_code, answer.text) == (507, "サーバーのディスクの空きがないため、控えを暗号にできません。\n")
    assert answer.headers["Cache-Control"] == "no-store"


def test_copies_leave_while_the_library_moves_in(fetch):
    opening.begin(by="command", now=clock.now())
    assert before_opening.is_on(today=clock.today())
    assert fetch().status_code == 200


def test_the_page_of_operations_names_the_machine(fetch, browse):
    fetch(address=ELSEWHERE)
    browse.be(factories.staff("admin"))
    browse.get("/desk/audit")
    assert "控えのトークンが、登録していないアドレスから使われた" in browse.text()
    assert f"対象：{ELSEWHERE}" in browse.text() and "bunkan" in browse.text()
