"""お知らせの記録: the mails to a patron, the newest first; what they said as long as it is kept; nobody else's."""

from datetime import timedelta

import pytest

from library import clock
from library.account import retention
from models import OutboxMail
from tests import factories


def test_each_mail_is_told_with_its_state_and_its_text(signed_in, patron):
    factories.mail(
        patron, "due", subject="返却期限のお知らせ", text="こころ <b>", sent_at=clock.now() - timedelta(hours=1)
    )
    factories.mail(
        patron, "sdi", state="failed", subject="", text="", sent_at=None, error="550 abc@example.jp no such user"
    )
    factories.mail(factories.patron(), "due", subject="別人の", text="別人の本")
    signed_in.get("/my/notices")
    failed, due = signed_in.page.select("li.row-notice")
    assert "新着資料（SDI）" in failed.get_text() and "送信失敗" in failed.get_text() and "550" not in failed.get_text()
    assert (
        "返却期限のお知らせ" in due.get_text() and "送信済み" in due.get_text() and "abc@example.jp" in due.get_text()
    )
    assert "こころ" not in signed_in.text() and "別人" not in signed_in.text()
    signed_in.get(due.find("a")["href"])
    assert signed_in.page.find(class_="mail-text").get_text() == "こころ <b>"


@pytest.mark.parametrize("state", ["queued", "sending", "sent", "failed", "cancelled"])
def test_every_state_has_its_words(signed_in, patron, state):
    factories.mail(patron, state=state, text="")
    assert signed_in.get("/my/notices").status_code == 200
    assert signed_in.page.find("li", class_="row-notice").find("a") is None


def test_a_text_that_is_erased_can_not_be_opened(signed_in, patron, moved_clock):
    mail = factories.mail(patron)
    assert signed_in.get(f"/my/notices/{mail.id}").status_code == 200
    OutboxMail.update(sent_at=clock.now() - timedelta(days=15)).execute()
    retention.clean_up(now=clock.now())
    assert signed_in.get(f"/my/notices/{mail.id}").status_code == 404
    assert "本文は消えています" in signed_in.get("/my/notices").text


def test_nobody_elses_mail_can_be_opened(signed_in):
    assert signed_in.get(f"/my/notices/{factories.mail(factories.patron()).id}").status_code == 404


def test_a_long_record_goes_in_pages(signed_in, patron):
    for number in range(45):
        factories.mail(patron, subject=f"{number}番", created_at=clock.now() + timedelta(minutes=number))
    signed_in.get("/my/notices?page=2")
    shown = [row.find("h2").get_text(strip=True) for row in signed_in.page.select("li.row-notice")]
    assert shown == [f"{number}番" for number in range(24, 4, -1)]
    assert len(signed_in.get("/my/notices?page=99").page.select("li.row-notice")) == 5
    assert "<html" not in signed_in.get("/my/notices", htmx=True).text


def test_none_is_told_and_the_records_lead_there(signed_in):
    assert "お送りしたものは、まだありません" in signed_in.get("/my/notices").text
    signed_in.get("/my/records")
    assert signed_in.page.find("a", href="/my/notices").get_text(strip=True) == "お知らせの記録"


@pytest.mark.parametrize(("screen", "marks"), [("", ["en", "ja"]), ("en", ["ja"])])
def test_an_english_mail_is_shown_as_it_was_sent(signed_in, patron, screen, marks):
    patron.language = screen
    patron.save()
    sent = factories.mail(patron, subject="Your hold is ready", text="- こころ\n", language="en")
    signed_in.get(f"/my/notices/{sent.id}")
    text = signed_in.page.find(class_="mail-text")
    assert text.get_text() == "- こころ\n"
    assert [part["lang"] for part in text.select("[lang]")] == marks
    assert text.find(lang="ja").get_text() == "こころ"
    assert signed_in.page.find("h1").get_text() == "Your hold is ready"
