"""引っ越しパック at the desk: made after a proof, under words that are shown once, and fetched once within the hour."""

import io
import json
import os
import tarfile
import time
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

import config
import jobs
from library import clock
from library.files import age
from library.mail import installation
from library.moving import opening as move_opening
from library.packs import at_desk, opening
from models import Audit, Move, OutboxMail
from tests import factories

NAME = "すずかけ市立図書館"


@pytest.fixture
def desk(browse, app):
    app.config["ADMIN_MAIL"] = "admin@example.jp"
    factories.branch("本館", code="01")
    browse.be(factories.staff("admin", login="kanri"))
    return browse


@pytest.fixture
def quick(monkeypatch):
    """Scrypt takes a second each time; tests/library/files/test_age.py tries it."""
    monkeypatch.setattr(age, "lock_key", lambda secret, passphrase: f"{passphrase}\n{secret}\n".encode())


def make(desk, **typed):
    desk.get("/desk/pack")
    return desk.post("/desk/pack", {"library": NAME, "kind": "drawn", "pack_password": ""} | typed)


def fetch(desk):
    return desk.post("/desk/pack/download", {})


def saved(content, folder):
    (folder / "p.tar").write_bytes(content)
    return folder / "p.tar"


def folder(app):
    return Path(app.instance_path) / at_desk.FOLDER


def lying(app):
    return sorted(path.name for path in folder(app).iterdir() if path.name not in ("lock", "state.json"))


def test_a_pack_is_made_under_words_that_are_shown_once_and_fetched_once(desk, app, tmp_path):
    answer = make(desk)
    words = desk.page.select_one(".one-time").text
    assert answer.status_code == 200 and len(words.split("-")) == 7
    assert "no-store" in answer.headers["Cache-Control"]
    assert lying(app) == ["both.tar"] and (folder(app) / "both.tar").stat().st_mode & 0o777 == 0o600
    desk.get("/desk/pack")
    assert words not in desk.page.text and desk.page.find("button", string="ダウンロードする")
    content = fetch(desk).data
    assert lying(app) == []
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        assert archive.getnames() == ["pack.zip.age", "key.age"]
        assert words.encode() not in content
    with opening.opened(saved(content, tmp_path), lambda: words, room=tmp_path) as source:
        assert source.manifest["library"] == NAME and source.manifest["has_reading"]
    again = fetch(desk)
    assert again.status_code == 422 and "引っ越しパックはもうありません" in desk.page.text


def test_the_record_of_operations_and_the_administrator_are_told(desk, quick):
    make(desk)
    row = Audit.get(Audit.action == "pack.made")
    assert (row.actor, row.details["encrypted"]) == ("staff:kanri", True)
    mail = OutboxMail.get(OutboxMail.kind == "admin")
    assert (mail.address, mail.facts) == ("admin@example.jp", {"what": "pack_made", "text": "kanri"})


def test_in_a_move_the_administrator_is_told_and_nobody_else(desk, app, quick):
    jobs.stopping.clear()  # a scheduler that another test ended
    factories.mail(factories.patron(email="a@example.jp"), "due", state="queued", sent_at=None)
    installation.adopt(config.stored_token(Path(app.instance_path) / "installation-id"))
    move_opening.begin(by="command", now=clock.now())
    make(desk)
    assert not list((Path(app.instance_path) / "mail").glob("*.eml"))  # nobody waits for the mail server
    assert jobs.run("outbox", settings=app.config, now=clock.now()) == {"sent": 1}
    (mail,) = (Path(app.instance_path) / "mail").glob("*.eml")
    told = message_from_bytes(mail.read_bytes(), policy=default)
    assert told[
        "To"
    ] == "admin@example.jp" and "引っ越しパックを、窓口の画面で kanri さんが作りました" in told.get_content().replace(
        "\r\n", ""
    )
    assert {(row.kind, row.state) for row in OutboxMail.select()} == {("admin", "sent"), ("due", "queued")}
    assert Move.get().mails == 0


def test_what_is_still_being_put_together_is_not_given_out(desk, app, quick):
    lock = at_desk.begin(Path(app.instance_path), 100)
    (folder(app) / at_desk.TAR).write_bytes(b"half of it")
    assert fetch(desk).status_code == 422 and lying(app) == ["both.tar"]
    os.close(lock)


def test_what_a_process_that_died_left_is_swept_away(app, db):
    os.close(at_desk.begin(Path(app.instance_path), 100))
    (folder(app) / f".{at_desk.PACK}.part").write_bytes(b"half of it")
    assert at_desk.sweep(Path(app.instance_path)) == 1 and lying(app) == []
    assert at_desk.state_of(Path(app.instance_path)).step == "failed"
    assert at_desk.sweep(Path(app.instance_path)) == 0


def test_a_passphrase_of_ones_own_is_never_shown(desk, app, quick):
    answer = make(desk, kind="own", pack_password="すずかけの木の下で本を読む午後")
    assert answer.status_code == 422 and "16文字以上" in desk.page.text
    answer = make(desk, kind="own", pack_password="すずかけの木の下で本を読む秋の午後")
    assert (answer.status_code, answer.location) == (303, "/desk/pack")
    assert lying(app) == ["both.tar"]
    desk.get("/desk/pack")
    assert not desk.page.select(".one-time")


@pytest.mark.parametrize("typed", ["", "ほかの図書館"])
def test_without_the_name_of_the_library_nothing_is_made(desk, app, typed):
    assert make(desk, library=typed).status_code == 422
    assert not folder(app).exists() and not Audit.select().where(Audit.action == "pack.made").exists()


@pytest.mark.parametrize("seconds", [at_desk.KEPT + 1, -7200])  # the clock was set back meanwhile
def test_after_an_hour_the_pack_is_gone(desk, app, quick, seconds):
    make(desk)
    state = at_desk.state_of(Path(app.instance_path))
    state.made -= seconds
    (folder(app) / "state.json").write_text(json.dumps(vars(state)))
    assert at_desk.sweep(Path(app.instance_path)) == 1
    assert lying(app) == [] and fetch(desk).status_code == 422


def test_one_is_made_at_a_time(desk, app, quick):
    lock = at_desk.begin(Path(app.instance_path), 100)
    answer = make(desk)
    assert answer.status_code == 422 and "引っ越しパックを作っています" in desk.page.text
    assert desk.get("/desk/pack/progress", headers={"HX-Request": "true"}).status_code == 200
    assert "0 / 100行" in desk.page.text
    os.close(lock)
    desk.get("/desk/pack")
    assert "途中で止まりました" in desk.page.text


def test_who_did_not_prove_it_lately_is_asked_first(desk, moved_clock):
    desk.get("/desk/pack")
    moved_clock.now += timedelta(minutes=11)
    assert desk.get("/desk/pack").location.startswith("/desk/again")


def test_a_town_has_its_pack_made_in_a_process_of_its_own(desk, app, monkeypatch, tmp_path):
    monkeypatch.setattr(at_desk, "AT_ONCE", 0)
    make(desk)
    words, until = desk.page.select_one(".one-time").text, time.monotonic() + 60
    while (state := at_desk.state_of(Path(app.instance_path))).step == "working" and time.monotonic() < until:
        time.sleep(0.1)
    assert (state.step, state.refused) == ("ready", "")
    with opening.opened(saved(fetch(desk).data, tmp_path), lambda: words, room=tmp_path) as source:
        assert source.manifest["has_reading"]
