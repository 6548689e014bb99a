"""A real mail server of Debian's (OpenSMTPD): what arrives reads right, and what comes back is understood."""

import email
import email.policy
import os
import pwd
import socket
import subprocess
from contextlib import contextmanager

import pytest

from library import clock
from library.mail import bounces, delivery, outbox
from library.store import database
from models import OutboxMail, PatronAddress
from sending import mailer
from tests import factories, programs
from tests.faults import sending
from tests.server import free_port

pytestmark = [
    pytest.mark.long,  # one such server a machine
    programs.need("OpenSMTPD"),
    programs.need("root"),
]
CONFIGURATION = """
table everybody {{ "@" = "mail" }}
table gone {{ "gone@example.jp" }}
listen on 127.0.0.1 port {port} hostname mx.example.jp
action "refuse" mda "exit 67" virtual <everybody>
action "box" maildir "{boxes}/%{{dest.user}}" virtual <everybody>
match from any for rcpt-to <gone> action "refuse"
match from any for domain "example.jp" action "box"
"""


@contextmanager
def mail_server(folder):
    """Its port, and the folder with a mailbox for each name @example.jp; mail to gone@example.jp is taken, then comes
    back.
    """
    boxes, port, file = folder / "boxes", free_port(), folder / "smtpd.conf"
    boxes.mkdir()
    os.chown(boxes, pwd.getpwnam("mail").pw_uid, -1)
    for above in (folder, *folder.parents[:3]):
        above.chmod(0o755)
    file.write_text(CONFIGURATION.format(port=port, boxes=boxes))
    with (folder / "smtpd.log").open("wb") as log:
        process = subprocess.Popen([programs.SMTPD, "-d", "-f", str(file)], stdout=log, stderr=log)
    try:
        sending.wait_until(lambda: is_open(port))
        yield port, boxes
    finally:
        process.terminate()
        process.wait()


def is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def in_box(boxes, name):
    """The mails of a mailbox that tell of one of ours: the server's queue outlives it, so that one of an earlier run
    may come too.
    """
    ours = [row.message_id.encode() for row in OutboxMail.select()]
    texts = [path.read_bytes() for path in sorted((boxes / name / "new").glob("*"))]
    return [text for text in texts if any(one in text for one in ours)]


def test_a_mail_arrives_as_it_was_written_and_one_that_comes_back_blames_its_address(library, tmp_path):
    patron = factories.patron()
    with database.writing():
        for position, name in enumerate(("kept", "gone"), 1):
            factories.address(patron, f"{name}@example.jp", position=position)
            outbox.put("test", name, address=f"{name}@example.jp", patron=patron, now=clock.now())
    with mail_server(tmp_path) as (port, boxes):
        assert (
            delivery.deliver(mailer.Mailer, library | {"MAIL_PORT": port, "MAIL_TIMEOUT": 10}, now=clock.now())["sent"]
            == 2
        )
        sending.wait_until(lambda: in_box(boxes, "kept") and in_box(boxes, "library"))
        (kept,) = in_box(boxes, "kept")
        (report,) = in_box(boxes, "library")
        arrived = email.message_from_bytes(kept, policy=email.policy.default)
        came_back = bounces.read(report)
    assert "テストメール" in arrived["Subject"] and "すずかけ市立図書館" in arrived["From"]
    assert "すずかけ市立図書館" in arrived.get_content()
    assert bounces.note(came_back, now=clock.now())
    assert {row.address: row.state for row in OutboxMail.select()} == {
        "kept@example.jp": "sent",
        "gone@example.jp": "failed",
    }
    flagged = PatronAddress.select().where(PatronAddress.undeliverable_at.is_null(False))
    assert [row.address for row in flagged] == ["gone@example.jp"]
