import email
import email.policy
import stat
from datetime import date, timedelta
from functools import partial

import pytest

from library import clock, policy
from library.catalog.query.query import Query
from library.lending import notices
from library.mail import delivery, installation, mail_files, outbox
from library.reading import sdi, sdi_mails
from library.requests import deciding
from library.store import database
from models import ClosedDay, Loan, OutboxMail, Patron, PatronAddress, Setting
from sending import columns, mail_texts, mailer
from settings import config
from tests import factories, smtp_server

TODAY = date(2026, 11, 25)
EIGHT = clock.at(TODAY, 8)
HERE = "installation id"


@pytest.fixture
def settings(db, tmp_path):
    """A library that may send; without a server its mails become files."""
    (tmp_path / "installation-id").write_text(HERE)
    installation.bind(HERE)
    return config.load(
        INSTANCE=str(tmp_path), LIBRARY_NAME="すずかけ市立図書館", PUBLIC_URL="https://library.example.jp",
        MAIL_SENDER="library@example.jp", MAIL_TIMEOUT=30, SECRET_KEY="key", DATABASE_URL="",
    )  # fmt: skip


@pytest.fixture
def served(settings, in_app, tmp_path):
    """The same with a mail server; ``served("later", every=3)`` starts one that misbehaves."""
    running = []

    def start(mode="ok", **given):
        context = smtp_server.running(tmp_path, mode, **given)
        running.append((context, context.__enter__()))
        settings.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=running[-1][1].port)
        return running[-1][1]

    yield start
    for context, _ in running:
        context.__exit__(None, None, None)


def put(kind="test", address="abc@example.jp", **given):
    with database.writing():
        return outbox.put(kind, f"{kind}:{address}", address=address, **{"now": EIGHT} | given)


def due(*days, address="abc@example.jp", kind="pc", **given):
    """A queued due notice about loans with so many days left."""
    patron = factories.patron(**given)
    factories.address(patron, address, kind)
    factories.preference(patron, to_pc=True, to_mobile=True, active=True, days_before=7)
    for left in days:
        factories.loan(patron, TODAY + timedelta(days=left), title=factories.title("吾輩は猫である", volume="上"))
    notices.queue_due(now=EIGHT)
    return OutboxMail.get(OutboxMail.address == address)


def new_titles(name="猫の本", **given):
    """A queued mail about two new titles."""
    patron = factories.patron(**given)
    factories.address(patron)
    factories.preference(patron, "sdi", to_pc=True, to_mobile=True)
    sdi.save(patron, Query(q="猫"), name, now=clock.at(TODAY - timedelta(days=1)))
    for volume in "上下":
        factories.catalogued("吾輩は猫である" * 6, volume=volume, accession_date=TODAY)
    sdi_mails.queue(now=EIGHT)
    return OutboxMail.get()


def deliver(settings, now=EIGHT):
    return delivery.deliver(mailer.Mailer, settings, now=now)


def letter(settings, row, now=EIGHT):
    return mail_texts.Texts(settings).letter(row, now=now)


def parsed(settings, row):
    """The message of a row as a mail program reads it."""
    raw = mailer.Mailer(settings)._message(letter(settings, row)).as_bytes()
    return email.message_from_bytes(raw, policy=email.policy.default)


FACTS = {
    "acknowledgement": {"fields": ["password", "email1"]},
    "registered": {"fields": ["due"]},
    "security": {"what": "address", "fields": ["email1"], "at": EIGHT.isoformat()},
    "verify": {"token": "v" * 43},
    "test": {},
    "reset": {"token": "r" * 43},
    "sealed": {"what": "reissued", "at": EIGHT.isoformat(), "token": "s" * 43},
    "open_seal": {"token": "o" * 43},
    "admin": {"what": "fault_all_initial"},
    "ebook_ready": {"text": "2026年12月2日(水)"},
}
SUBJECTS = {
    "acknowledgement": "申請確認のお知らせ",
    "registered": "登録完了のお知らせ",
    "security": "登録内容変更のお知らせ",
    "verify": "メールアドレスの確認",
    "due": "返却期限のお知らせ",
    "hold_ready": "予約資料の準備ができました",
    "hold_deadline": "お受け取り期限のお知らせ",
    "hold_ended": "予約取消のお知らせ",
    "ebook_ready": "電子書籍の順番が来ました",
    "family_titles": "書名を見せるかどうかのお尋ね",
    "family_ending": "家族のカードの終了のお知らせ",
    "overdue": "資料の返却のお願い",
    "closure": "休館にともなう変更のお知らせ",
    "sdi": "新着資料のお知らせ",
    "test": "テストメール",
    "reset": "パスワード再設定のご案内",
    "sealed": "パスワードが新しくなりました",
    "open_seal": "保護中の記録を開くためのご案内",
    "request": "リクエストのお返事",
    "reference_receipt": "レファレンスの質問を受け付けました",
    "reference_answer": "レファレンスの回答",
    "admin": "管理者へのお知らせ",
}


FIRST_LINES = {
    "admin": "月日の4桁（はじめのパスワード）でのログインの失敗が、今日は多すぎます。",
    "reference_receipt": "2026年11月25日(水)に、このアドレスへの回答のお申し込みを受け付けました。",
}


def about_reading(kind):
    """A mail about a loan or a hold, as it is when it has something to say."""
    if kind == "due":
        return due(1, 3)
    if kind == "sdi":
        return new_titles()
    patron = factories.patron()
    factories.address(patron)
    factories.preference(patron, "hold", to_pc=True, to_mobile=True)
    title = factories.title("吾輩は猫である" * 6, volume="上")
    days = -8 if kind == "overdue" else 8
    loan = factories.loan(patron, TODAY + timedelta(days=days), title=title)
    state = "cancelled" if kind == "hold_ended" else "ready"
    hold = factories.hold(patron, title, state=state, reason="library", pickup_by=TODAY + timedelta(days=2))
    facts = {"holds": [hold.id]} if kind.startswith("hold") else {"loans": [[loan.id, loan.due_on.isoformat()]]}
    facts = facts | ({"holds": [hold.id]} if kind == "closure" else {})
    OutboxMail.delete().where(OutboxMail.kind == kind).execute()
    return put(kind, facts=facts, patron=patron)


def about_question(kind):
    """A mail about a question that was answered; who gets a receipt is no patron."""
    values = {"state": "answered", "answer": "橋の名の由来は、" * 20, "sources": "『橋の本』", "ended_at": EIGHT}
    question = factories.question(factories.patron() if kind == "reference_answer" else None, **values)
    return put(kind, facts={"question": question.id}, patron=question.patron)


def about_family(kind):
    """A mail to a child of 17 who was asked and told today."""
    child = factories.patron(birth_date=date(2008, 12, 20))
    told = {"titles_asked_on": TODAY, "ending_told_on": TODAY}
    tie = factories.tie(factories.patron(name="図書 華子"), child, **told)
    return put(kind, facts={"tie": tie.id}, patron=child)


def about_request():
    """A mail to somebody whose request was declined today."""
    patron = factories.patron()
    factories.address(patron)
    factories.preference(patron, "hold", to_pc=True, to_mobile=True)
    made = factories.request(
        patron,
        contact_method="mail",
    )
    deciding.decline(made.wanted, "unavailable", reply="出版者で品切れです。", by="staff:desk", now=EIGHT)
    return OutboxMail.get()


def row_of(kind, **given):
    if kind.startswith("reference"):
        return about_question(kind)
    if kind.startswith("family"):
        return about_family(kind)
    if kind == "request":
        return about_request()
    return (
        about_reading(kind)
        if kind in outbox.ABOUT_READING
        else put(kind, facts=FACTS[kind], patron=factories.patron(), **given)
    )


# -- what is written -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", outbox.KINDS)
def test_every_kind_has_its_subject_and_a_text_for_narrow_screens(settings, kind):
    message = parsed(settings, row_of(kind))
    assert message["Subject"] == f"{SUBJECTS[kind]}（すずかけ市立図書館）"
    lines = message.get_content().splitlines()
    assert [line for line in lines if "://" not in line and columns.width(line) > 76] == []
    assert lines[0] == FIRST_LINES.get(kind, "図書 花子 様")


@pytest.mark.parametrize("kind", [kind for kind in outbox.KINDS if kind != "admin"])
def test_a_mobile_phone_gets_a_shorter_text_without_the_name(settings, kind):
    long = letter(settings, row_of(kind)).text
    OutboxMail.update(address_kind="mobile").execute()
    short = letter(settings, OutboxMail.get()).text
    assert len(short) < len(long)
    assert "図書 花子" not in short


def test_a_due_notice_says_what_until_when_where_and_what_can_be_done(settings):
    branch = factories.branch("本館", closed_weekdays="0")
    ClosedDay.create(branch=branch, day=date(2026, 11, 27))
    text = letter(settings, due(0, 1)).text
    for said in (
        "2点の返却期限",
        "返却期限：2026年11月25日(水)（今日まで）",
        "返却期限：2026年11月26日(木)（明日まで）",
        "貸出館：本館",
        "吾輩は猫である 上",
        "本館：11月27日(金)、11月30日(月)",
        "https://library.example.jp/my/loans",
        "https://library.example.jp/mail/stop/due-",
        "行き違い",
        "「借りている資料」からお申し込みください",
    ):
        assert said in text
    assert "窓口" not in text


def renewed_already(row, number=1):
    """Make so many loans of a due notice impossible to renew."""
    ids = [loan for loan, _ in row.facts["loans"]][:number]
    Loan.update(renewals=1).where(Loan.id.in_(ids)).execute()
    return row


@pytest.mark.parametrize(
    ("kind", "all_of_them", "some", "none"),
    [
        (
            "pc",
            "「借りている資料」からお申し込みください。\nhttps://library.example.jp/my/loans\n",
            "2点のうち1点は、返却期限までに「借りている資料」から延長できます。\nほかの資料の延長は、図書館の窓口へご相談ください。\n",
            "Myライブラリでは延長できません。\n延長をご希望のときは、返却期限までに図書館の窓口へご相談ください。\n",
        ),
        (
            "mobile",
            "▼延長する（借りている資料）\nhttps://library.example.jp/my/loans\n",
            "1点は下のページで延長できます。ほかは図書館の窓口へご相談ください。\n▼借りている資料\n",
            "延長は図書館の窓口へご相談ください。\n▼借りている資料\nhttps://library.example.jp/my/loans\n",
        ),
    ],
)
def test_a_due_notice_leads_to_the_page_for_what_can_be_renewed_there_and_to_the_desk_for_the_rest(
    settings, kind, all_of_them, some, none
):
    row = due(1, 1, kind=kind)
    for number, expected in enumerate((all_of_them, some, none)):
        text = letter(settings, renewed_already(row, number)).text
        assert [said in text for said in (all_of_them, some, none)] == [
            said == expected for said in (all_of_them, some, none)
        ]


def test_the_days_left_are_those_of_the_day_it_is_sent(settings):
    row = due(3)
    assert "あと3日" in letter(settings, row).text
    assert "明日まで" in letter(settings, row, EIGHT + timedelta(days=2)).text


def test_titles_are_left_out_for_who_wants_that(settings):
    row = due(1, 1, titles_in_mail=False)
    for kind in ("pc", "mobile"):
        row.address_kind = kind
        text = letter(settings, row).text
        assert "吾輩" not in text
        assert "2点" in text


def test_a_mail_about_new_titles_says_which_for_what_and_where_there_is_more(settings):
    row = new_titles("猫\r\nBcc: x@example.jp")
    made = letter(settings, row)
    for said in (
        "2件入りました", "■ 猫 Bcc: x@example.jp（2件）", "吾輩は猫である 上", "／ 夏目漱石",
        f"https://library.example.jp/my/sdi/{sdi.of_patron(row.patron)[0].id}",
        "https://library.example.jp/mail/stop/sdi-",
    ):  # fmt: skip
        assert said in made.text.replace("\n", "").replace("　　", ""), said
    assert made.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"/mail/stop/sdi-{row.patron_id}." in made.headers["List-Unsubscribe"]


def test_a_patron_who_wants_no_titles_in_mails_gets_the_number_alone(settings):
    row = new_titles(titles_in_mail=False)
    for kind in ("pc", "mobile"):
        row.address_kind = kind
        text = letter(settings, row).text
        assert "2件" in text and "/my/sdi\n" in text
        assert "猫" not in text


class Returning(mailer.Mailer):
    """A mailer of a library where all loans come back as soon as a mail went out."""

    def send(self, letter):
        super().send(letter)
        Loan.update(returned_on=TODAY).execute()


def test_a_loan_returned_before_the_next_batch_is_not_mailed(settings, monkeypatch):
    monkeypatch.setattr(delivery, "BATCH", 1)
    due(1), due(1, address="def@example.jp")
    assert delivery.deliver(Returning, settings, now=EIGHT) == {"sent": 1, "cancelled": 1}


def test_a_due_notice_that_cannot_be_read_does_not_keep_the_others(settings, caplog):
    bad = due(1)
    due(1, address="def@example.jp")
    OutboxMail.update(facts={"loans": [["no loan"]]}).where(OutboxMail.id == bad.id).execute()
    assert deliver(settings) == {"later": 1, "sent": 1}
    assert "could not be made" in caplog.text


def test_a_link_that_is_over_before_its_mail_could_be_sent_is_not_sent(settings):
    verify, reset = row_of("verify"), put("reset", facts=FACTS["reset"])
    assert letter(settings, verify, EIGHT + timedelta(hours=23))
    assert letter(settings, verify, EIGHT + timedelta(hours=24)) is None
    assert letter(settings, reset, EIGHT + timedelta(hours=1)) is None


@pytest.mark.parametrize("kind", ["verify", "reset"])
def test_a_one_time_link_is_in_the_mail_and_in_nothing_that_is_kept(settings, kind):
    token = FACTS[kind]["token"]
    row_of(kind)
    assert deliver(settings) == {"sent": 1}
    (path,) = mail_files.folder(settings).iterdir()
    assert f"/{token}\r\n" in email.message_from_bytes(path.read_bytes(), policy=email.policy.default).get_content()
    kept = OutboxMail.get()
    assert token not in kept.text + str(kept.facts) + kept.subject + kept.key


@pytest.mark.parametrize("kind", ["due", "sdi"])
def test_a_link_that_stops_mails_is_in_the_mail_and_in_no_text_that_is_kept(settings, kind):
    row = row_of(kind)
    token = notices.stop_token(row.patron_id, kind, settings["SECRET_KEY"])
    assert deliver(settings) == {"sent": 1}
    (path,) = mail_files.folder(settings).iterdir()
    assert token in email.message_from_bytes(path.read_bytes(), policy=email.policy.default).get_content()
    kept = OutboxMail.get()
    assert token not in kept.text + str(kept.facts) and "（リンクは保存していません）" in kept.text


# -- headers ---------------------------------------------------------------------------------------------------------
def test_the_message_is_plain_utf8_in_base64_with_one_of_each_header(settings):
    settings["MAIL_REPLY_TO"] = "desk@example.jp"
    row = due(1)
    message = parsed(settings, row)
    assert message.get_content_type() == "text/plain"
    assert message.get_content_charset() == "utf-8"
    assert message["Content-Transfer-Encoding"] == "base64"
    assert message.get_all("Message-ID") == [f"<{row.message_id}@example.jp>"]
    assert str(message["From"]) == "すずかけ市立図書館 <library@example.jp>"
    assert message["Reply-To"] == "desk@example.jp"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"]
    assert len(message.keys()) == len(set(message.keys()))
    assert "返信できません" not in message.get_content()


def test_a_due_notice_can_be_stopped_from_the_mail_program(settings):
    message = parsed(settings, due(1))
    assert str(message["List-Unsubscribe"]).strip().startswith("<https://library.example.jp/mail/stop/due-")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_without_https_there_is_the_link_but_no_one_click(settings):
    settings["PUBLIC_URL"] = "http://127.0.0.1:8000"
    message = parsed(settings, due(1))
    assert "http://127.0.0.1:8000/mail/stop/" in str(message["List-Unsubscribe"])
    assert message["List-Unsubscribe-Post"] is None


def test_long_addresses_are_not_taken_apart_in_headers(settings):
    host = "a-very-long-name-of-a-city." * 3 + "example.jp"
    settings.update(PUBLIC_URL=f"https://{host}", MAIL_SENDER=f"library@{host}")
    row = due(1)
    raw = mailer.Mailer(settings)._message(letter(settings, row)).as_bytes().decode("ascii")
    assert f"Message-ID: <{row.message_id}@{host}>" in raw.replace("\r\n ", " ").replace(":  ", ": ")
    assert f" <https://{host}/mail/stop/" in raw


def test_no_line_with_encoded_words_is_longer_than_76_columns(settings):
    settings["LIBRARY_NAME"] = "すずかけ市立図書館"
    Setting.create(name="mail_text_test", value="とても長い件名" * 12 + "\n\n本文")
    put()
    deliver(settings)
    (path,) = mail_files.folder(settings).iterdir()
    raw = path.read_bytes()
    assert max(len(line) for line in raw.splitlines()) <= 76
    assert email.message_from_bytes(raw, policy=email.policy.default)["Subject"] == "とても長い件名" * 12


def test_other_kinds_have_no_list_headers(settings):
    assert parsed(settings, row_of("security"))["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    "evil",
    [
        "a\r\nBcc: x@example.jp",
        "a\nBcc: x@example.jp\n\nbody",
        "a\u2028Bcc: x",
        pytest.param("a\x00\x0bBcc: x", marks=pytest.mark.sqlite("no text of a server holds a NUL")),
    ],
)
def test_nothing_that_a_person_wrote_adds_a_header(settings, evil):
    settings["LIBRARY_NAME"] = evil
    Setting.create(name="mail_text_due", value="{{ name }}\n\n本文")
    message = parsed(settings, due(1, name=evil))
    assert message["Bcc"] is None
    assert set(message.keys()) == {
        "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Date", "Message-ID",
        "Auto-Submitted", "Content-Language", "List-Unsubscribe", "List-Unsubscribe-Post",
    }  # fmt: skip


@pytest.mark.parametrize("address", ["a@example.jp\r\nBcc: x@example.jp", "a@example.jp,b@example.jp", "a@b@c",
    "a <a@example.jp>", "", "あ@example.jp", "a@example.jp\n"])  # fmt: skip
def test_a_text_that_is_no_address_is_never_handed_to_a_server(served, settings, address):
    server = served()
    put(address=address)
    assert deliver(settings) == {"failed": 1}
    assert server.events() == []


@pytest.mark.parametrize(
    ("address", "quoted"),
    [
        ("abc@example.jp", "abc@example.jp"),
        ("a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'),
        ("a.@ezweb.ne.jp", '"a."@ezweb.ne.jp'),
        (".a@docomo.ne.jp", '".a"@docomo.ne.jp'),
    ],
)
def test_old_addresses_of_mobile_phones_are_quoted(served, settings, address, quoted):
    server = served()
    put(address=address)
    assert deliver(settings) == {"sent": 1}
    (mail,) = server.accepted()
    assert mail["rcpt"].upper().startswith(f"TO:<{quoted}>".upper())  # Python 3.13 writes to:
    assert f"To: {quoted}" in mail["raw"]


# -- texts of the library's own --------------------------------------------------------------------------------------
def test_a_library_can_have_texts_of_its_own(settings):
    Setting.create(name="mail_text_test", value="{{ library_name }}の試し\n\nこんにちは、{{ name }}さん。")
    made = letter(settings, row_of("test"))
    assert (made.subject, made.text) == ("すずかけ市立図書館の試し", "こんにちは、図書 花子さん。\n")


@pytest.mark.parametrize(
    "broken",
    [
        "{% if %}",
        "{{ nothing }}\n\n本文",
        "",
        "件名だけ",
        "\n\n本文",
        "件名\n{{ 1/0 }}",
        "件名\n{{ name.__class__.__mro__ }}",
        "{% include 'x' %}",
    ],
)
def test_a_broken_text_is_reported_and_the_shipped_one_goes_out(settings, caplog, broken):
    Setting.create(name="mail_text_test", value=broken)
    put(patron=factories.patron()), put(address="def@example.jp")
    assert deliver(settings) == {"sent": 2, "broken_texts": 1}
    assert {row.subject for row in OutboxMail.select()} == {"テストメール（すずかけ市立図書館）"}
    assert "own text of test is broken" in caplog.text


def test_a_text_that_forgets_the_link_is_broken(settings):
    Setting.create(name="mail_text_reset", value="再設定\n\nリンクはありません。")
    assert FACTS["reset"]["token"] in letter(settings, row_of("reset")).text


def test_address_and_telephone_of_the_library_stand_at_the_foot(settings):
    policy.put("address", "すずかけ市中央1-1")
    policy.put("phone", "000-111-2222")
    assert (
        "すずかけ市中央1-1\n電話 000-111-2222\nhttps://library.example.jp/\n" in letter(settings, row_of("test")).text
    )


# -- delivery --------------------------------------------------------------------------------------------------------
def test_mails_reach_the_server_once_over_one_connection(served, settings):
    server = served()
    for number in range(5):
        put(address=f"p{number}@example.jp")
    assert deliver(settings) == {"sent": 5}
    assert deliver(settings) == {}
    assert [mail["to"] for mail in server.accepted()] == [[f"p{number}@example.jp"] for number in range(5)]
    assert {mail["sender"] for mail in server.accepted()} == {"library@example.jp"}
    assert server.connections() == [1]
    assert [row.text for row in OutboxMail.select().order_by(OutboxMail.id)] == [
        mail["text"].replace("\r\n", "\n") for mail in server.accepted()
    ]


@pytest.mark.parametrize(
    ("mode", "counts", "error"),
    [
        ("later", {"later": 1}, "451 4.3.0 try again"),
        ("greylist", {"later": 1}, "451 4.7.1 come back later"),
        ("blocked", {"later": 1}, "550 5.7.1 relaying denied"),
        ("unknown", {"failed": 1}, "550 5.1.1 no such mailbox"),
        ("unwanted", {"failed": 1}, "554 5.6.0 not this"),
        ("drop", {"later": 1}, "SMTPServerDisconnected: Connection unexpectedly closed"),
        ("sender", {"unavailable": 1, "failed": 0}, "550 5.1.8 who are you"),
        ("closed", {"unavailable": 1, "failed": 0}, "421 4.3.2 not now"),
        ("noise", {"unavailable": 1, "failed": 0}, None),
        ("hang", {"unavailable": 1, "failed": 0}, None),
    ],
)
def test_each_answer_of_the_server_means_something(served, settings, mode, counts, error):
    served(mode)
    settings["MAIL_TIMEOUT"] = 1 if mode == "hang" else 30
    patron = factories.patron()
    factories.address(patron)
    put(patron=patron)
    assert deliver(settings) == counts
    row = OutboxMail.get()
    assert row.state == ("failed" if counts.get("failed") else "queued")
    assert row.error == error if error else row.error
    assert PatronAddress.get().failures == (mode == "unknown")


def test_a_server_that_is_not_there_costs_nothing(settings, in_app):
    settings.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=9)
    put()
    assert deliver(settings) == {"unavailable": 1, "failed": 0}
    assert "refused" in OutboxMail.get().error


def test_a_server_that_is_slow_after_the_text_is_waited_for_longer(served, settings):
    served("hang-after-data")
    settings["MAIL_TIMEOUT"] = 1
    put()
    counts = delivery.deliver(partial(mailer.Mailer, seconds_after_text=2), settings, now=EIGHT)
    assert counts == {"later": 1}
    assert OutboxMail.get().error.startswith("SMTPServerDisconnected")
    assert mailer.SECONDS_AFTER_TEXT >= 120


def test_a_copied_database_sends_nothing_and_says_so_once(settings, tmp_path, caplog):
    delivery._log_no_mail.cache_clear()
    (tmp_path / "installation-id").write_text("another")
    put()
    assert deliver(settings) == {"held": 1}
    assert deliver(settings) == {"held": 1}
    assert caplog.text.count("another installation") == 1
    installation.release("another")
    assert deliver(settings) == {"sent": 1}


def test_without_a_server_each_mail_is_a_file_for_the_operator_alone(settings):
    row = put(address="a..b@docomo.ne.jp")
    assert deliver(settings) == {"sent": 1}
    (path,) = mail_files.folder(settings).iterdir()
    assert path.name == f"{row.id:08}-{row.message_id}.eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert message["Subject"] == "テストメール（すずかけ市立図書館）"


def test_where_no_file_can_be_written_the_mails_wait(settings):
    mail_files.folder(settings).write_text("in the way")
    put(), put(address="def@example.jp")
    assert deliver(settings) == {"unavailable": 1, "failed": 0}
    mail_files.folder(settings).unlink()
    assert deliver(settings) == {"sent": 2}


def test_a_mail_file_written_twice_is_one_file(settings):
    put()
    deliver(settings)
    OutboxMail.update(state="sending").execute()
    deliver(settings)
    assert len(list(mail_files.folder(settings).iterdir())) == 1


def test_mail_files_go_with_their_texts(settings):

    put(), put(address="def@example.jp")
    deliver(settings)
    OutboxMail.update(text="").where(OutboxMail.address == "abc@example.jp").execute()
    assert mail_files.sweep(settings, outbox.erased_mails) == 1
    (left,) = mail_files.folder(settings).iterdir()
    assert OutboxMail.get(OutboxMail.address == "def@example.jp").message_id in left.name


def test_the_name_on_a_mail_is_the_patrons_of_now(settings):
    row = row_of("security")
    Patron.update(name="図書 あき").execute()
    assert letter(settings, OutboxMail.get_by_id(row.id)).text.startswith("図書 あき 様")


# -- columns ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("あいうえおか", ["あいうえお", "か"]),
        ("あいうえお。", ["あいうえ", "お。"]),
        ("abcdefgh ij", ["abcdefgh", "ij"]),
        ("https://library.example.jp/long", ["https://library.example.jp/long"]),
        ("一行\n\n二行", ["一行", "", "二行"]),
        ("「あ」「い」「う」", ["「あ」", "「い」", "「う」"]),
        ("a" * 12, ["a" * 10, "aa"]),
        (" ・あいうえおか", [" ・あいう", " 　えおか"]),
        ("due on Wed 9 May", ["due on Wed", "9 May"]),
        ("one of 3 loans, two", ["one of 3", "loans, two"]),
        ("- a title of a book", ["- a title", "  of a", "  book"]),
        ("một người bạn", ["một người", "bạn"]),
        ("こころ (Kokoro)", ["こころ", "(Kokoro)"]),
    ],
)
def test_lines_are_broken_where_words_and_japanese_may_be_broken(text, lines):
    assert columns.wrap(text, 10).split("\n") == lines


def test_a_long_title_is_cut_for_a_phone():
    assert columns.cut("吾輩は猫である", 14) == "吾輩は猫である"
    assert columns.cut("吾輩は猫である", 10) == "吾輩は猫…"


# -- a demonstration -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("server", "used"),
    [
        ("", ""),
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "::1"),
        ("localhost", "localhost"),
        ("smtp.example.jp", ""),
        ("192.0.2.1", ""),
    ],
)
def test_a_demonstration_sends_to_this_machine_alone(db, server, used):
    assert mailer.server_of({"MAIL_SERVER": server}) == server
    Setting.create(name="demonstration", value=True)
    assert mailer.server_of({"MAIL_SERVER": server}) == used
