"""通知: what was sent, waits and failed, without what it said."""

from datetime import timedelta

import pytest

from library import clock
from library.mail import outbox
from library.store import database
from models import Audit, OutboxMail, PatronAddress
from tests import factories


@pytest.fixture
def at_desk(browse):
    browse.be(factories.staff("desk", login="sato"))
    return browse


def mail(kind="test", state="sent", patron=None, address="abc@example.jp", **given):
    with database.writing():
        row = outbox.put(kind, f"{kind}:{OutboxMail.select().count()}", address=address, patron=patron, now=clock.now())
        OutboxMail.update(state=state, **given).where(OutboxMail.id == row.id).execute()
    return OutboxMail.get_by_id(row.id)


def rows(browse):
    return [row.get_text(" ", strip=True) for row in browse.page.select("tbody tr")]


def test_there_may_be_none(at_desk):
    at_desk.get("/desk/notices")
    assert "通知はまだありません" in at_desk.text()


def test_neither_subject_nor_text_nor_the_whole_address_is_shown(at_desk, patron):
    mail("due", patron=patron, subject="返却期限のお知らせ（坊っちゃん）", text="坊っちゃんの返却期限")
    error = "550 5.1.1 <abc@example.jp>: no such user"
    mail("due", "failed", patron=patron, error=error, facts={"loans": [[1, "2026-12-01"]]})
    at_desk.get("/desk/notices")
    assert len(rows(at_desk)) == 2
    assert at_desk.page.find("a", string=patron.card_number)["href"] == f"/desk/patrons/{patron.id}"
    assert "a…@example.jp" in at_desk.page.get_text() and "no such user" in at_desk.text()
    for secret in ("坊っちゃん", "abc@", "2026-12-01"):
        assert secret not in str(at_desk.page)


def test_they_are_narrowed_by_state_and_kind(at_desk):
    mail("due"), mail("security"), mail("due", "failed")
    at_desk.get("/desk/notices?state=failed")
    assert len(rows(at_desk)) == 1
    at_desk.get("/desk/notices?kind=due")
    assert len(rows(at_desk)) == 2
    at_desk.get("/desk/notices?kind=security&state=failed")
    assert "この条件に合う通知はありません" in at_desk.text()
    assert at_desk.get("/desk/notices?kind=x&state=y&before=-1").status_code == 200


def test_they_are_paged(at_desk):
    with database.writing():
        row = {"kind": "test", "address": "abc@example.jp", "address_kind": "pc", "now": clock.now(), "patron": None}
        OutboxMail.insert_many([outbox.new_row(key=f"test:{n}", **row) for n in range(60)]).execute()
    at_desk.get("/desk/notices?kind=test")
    older = at_desk.page.find("a", string="前の通知を見る")["href"]
    assert len(rows(at_desk)) == 50 and "kind=test" in older
    at_desk.get(older)
    assert len(rows(at_desk)) == 10


def test_a_mail_that_failed_is_sent_again(at_desk, patron, moved_clock):
    factories.address(patron, undeliverable_at=clock.now(), failures=3)
    row = mail("security", "failed", patron=patron, error="550", tries=9, facts={"what": "password"})
    before = row.created_at
    moved_clock.now += timedelta(days=5)
    at_desk.be(factories.staff("desk", login="ito"))
    at_desk.get("/desk/notices")
    assert at_desk.post(f"/desk/notices/{row.id}/again").location == "/desk/notices?state=failed"
    row = OutboxMail.get_by_id(row.id)
    assert (row.state, row.tries, row.error, row.next_try_at) == ("queued", 0, "", clock.now())
    assert row.facts == {"what": "password", "at": before.isoformat()}
    assert PatronAddress.get().undeliverable_at is None
    assert Audit.get(Audit.action == "mail.sent_again").patron == patron
    at_desk.get("/desk/notices")
    assert "送信箱に入れました" in at_desk.text()


@pytest.mark.parametrize(("kind", "state", "sentence"), [
    ("test", "sent", "送れなかったメールではない"),
    ("test", "queued", "送れなかったメールではない"),
    ("reset", "failed", "もう消えている"),
    ("due", "failed", "もう消えている"),
])  # fmt: skip
def test_a_notice_that_can_not_be_sent_again_gives_the_reason(at_desk, kind, state, sentence):
    row = mail(kind, state)
    at_desk.get("/desk/notices")
    if state == "failed":
        assert at_desk.page.find("button", disabled=True) and sentence in at_desk.text()
    at_desk.post(f"/desk/notices/{row.id}/again")
    assert OutboxMail.get_by_id(row.id).state == state
    at_desk.get("/desk/notices")
    assert sentence in at_desk.text()
