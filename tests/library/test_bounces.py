import time
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from library import clock
from library.mail import bounces
from models import OutboxMail, PatronAddress
from tests import factories

ID = "0123456789abcdef" * 2


@pytest.fixture
def mail(patron):
    """A due notice that the server took."""
    factories.address(patron, "abc@example.jp")
    return factories.mail(patron, address="abc@example.jp", message_id=ID, state="sent")


def report(*, status="5.1.1", action="failed", message_id=f"<{ID}@example.jp>", headers_only=False):
    """A delivery status notification (RFC 3464) about one mail."""
    original = EmailMessage()
    original["Message-ID"] = message_id
    original.set_content("返却期限のお知らせ")
    machine = MIMEBase("message", "delivery-status")
    recipient = EmailMessage()
    recipient["Final-Recipient"], recipient["Action"], recipient["Status"] = "rfc822; abc@example.jp", action, status
    recipient["Diagnostic-Code"] = "smtp; 550 no <abc@example.jp> here"
    server = EmailMessage()
    server["Reporting-MTA"] = "dns; mx.example.jp"
    machine.attach(server)
    machine.attach(recipient)
    whole = MIMEMultipart("report", report_type="delivery-status")
    whole.attach(MIMEText("Could not be delivered."))
    whole.attach(machine)
    whole.attach(MIMEText(f"Message-ID: {message_id}\n", "rfc822-headers") if headers_only else MIMEMessage(original))
    return whole.as_bytes()


def note(text):
    read = bounces.read(text)
    return read is not None and bounces.note(read, now=clock.now())


@pytest.mark.parametrize("headers_only", [False, True])
def test_a_mail_that_came_back_failed_and_its_address_gets_no_more(mail, headers_only):
    assert note(report(headers_only=headers_only))
    row = OutboxMail.get_by_id(mail.id)
    assert (row.state, row.error) == ("failed", "5.1.1 smtp; 550 no … here")
    assert PatronAddress.get().undeliverable_at == clock.now()
    assert not note(report(headers_only=headers_only))  # the same report again


@pytest.mark.parametrize("status", ["5.2.2", "5.7.1", "5.3.4", "5.6.0"])
def test_a_report_that_says_nothing_of_the_mailbox_spares_the_address(mail, status):
    assert note(report(status=status))
    assert OutboxMail.get_by_id(mail.id).state == "failed"
    assert PatronAddress.get().undeliverable_at is None


@pytest.mark.parametrize("given", [{"status": "4.4.1"}, {"action": "delayed"}, {"message_id": "<of@others.example>"},
                                   {"message_id": f"<{'f' * 32}@example.jp>"}])  # fmt: skip
def test_a_bounce_that_may_still_arrive_or_is_not_ours_changes_nothing(mail, given):
    assert not note(report(**given))
    assert OutboxMail.get_by_id(mail.id).state == "sent"
    assert PatronAddress.get().undeliverable_at is None


def test_a_mail_of_a_person_is_no_report(mail):
    answer = EmailMessage()
    answer["In-Reply-To"] = f"<{ID}@example.jp>"
    answer.set_content("ありがとうございます")
    assert bounces.read(answer.as_bytes()) is None
    assert bounces.read(b"") is None
    assert bounces.read(b"\xff\x00" * 500) is None


def test_parts_that_are_not_as_they_should_be_are_no_report(mail):
    whole = report()
    for cut in range(0, len(whole), 97):
        bounces.read(whole[:cut])
    assert bounces.read(whole.replace(b"message/delivery-status", b"text/plain")) is None


HOSTILE = {
    "parts within parts": "".join(
        f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2000)
    ).encode(),
    "mails within mails": b"Content-Type: message/rfc822\n\n" * 3000,
    "parameters": b"Content-Type: multipart/mixed" + b";" * 900_000 + b"\n\n",
    "empty reports": b"Content-Type: message/delivery-status\n\n" + b"\n" * 900_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_mail_is_no_report_and_costs_little(kind):
    begun = time.process_time()
    assert bounces.read(HOSTILE[kind]) is None
    assert time.process_time() - begun < 10  # seconds; 50 of one megabyte
