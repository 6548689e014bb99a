"""Web Push: the vectors of its RFCs, and what is sent to whom by a service of our own."""

import json
import stat
from datetime import timedelta
from functools import partial

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from library import clock, outgoing, policy
from library.health import faults
from library.lending import notices
from library.mail import delivery, installation, outbox, vapid
from library.store import database
from models import LoanNotice, OutboxMail, PushSubscription
from sending import pusher
from tests import factories, push_service
from tests.conftest import NOW
from tests.push_service import bytes_of, key_of

# RFC 8291, Appendix A
SENDER, SALT = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", "DGv6ra1nlYgDCS1FRnbzlw"
PLAIN = b"When I grow up, I want to be a watermelon"
CIPHER = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
# RFC 8292, 2.4
EXAMPLE = (
    "vapid t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6"
    "Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA"
    ", k=BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
)


def claims_of(header):
    """Return the claims of a header whose signature its own key proves."""
    token, point = header.removeprefix("vapid t=").split(", k=")
    signed, _, signature = token.rpartition(".")
    r, s = (int.from_bytes(half, "big") for half in (bytes_of(signature)[:32], bytes_of(signature)[32:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes_of(point))
    key.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))
    head, claims = (json.loads(bytes_of(part)) for part in signed.split("."))
    assert head == {"typ": "JWT", "alg": "ES256"}
    return claims


def test_the_vector_of_encryption():
    made = pusher.encrypted(
        PLAIN, factories.PHONE_KEY, factories.PHONE_SECRET, sender=key_of(SENDER), salt=bytes_of(SALT)
    )
    assert made == bytes_of(CIPHER)
    assert push_service.read(made) == PLAIN


def test_the_library_names_itself_as_the_example_does(tmp_path):
    assert claims_of(EXAMPLE) == {
        "aud": "https://push.example.net",
        "exp": 1453523768,
        "sub": "mailto:push@example.com",
    }
    key = vapid.key(tmp_path)
    made = vapid.authorization(key, "https://push.example.net/push/x", "mailto:a@example.jp", now=NOW)
    assert claims_of(made) == {
        "aud": "https://push.example.net", "exp": int((NOW + timedelta(hours=12)).timestamp()),
        "sub": "mailto:a@example.jp",
    }  # fmt: skip


def test_the_key_is_made_once_for_the_owner_alone(tmp_path):
    made = vapid.public_key(vapid.key(tmp_path))
    assert vapid.public_key(vapid.key(tmp_path)) == made and len(bytes_of(made)) == 65
    assert stat.S_IMODE((tmp_path / vapid.FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [vapid.FILE]


# -- sending -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def service():
    with push_service.running() as running:
        yield running


@pytest.fixture
def library(settings, db, tmp_path):
    (tmp_path / "installation-id").write_text("here")
    installation.bind("here")
    return settings | {"INSTANCE": str(tmp_path)}


def lend(service, days=1, name="phone"):
    patron = factories.patron()
    factories.phone(patron, endpoint=service.address(name), due=True)
    factories.loan(patron, clock.today() + timedelta(days=days))
    return patron


def deliver(library, sender=pusher.Pusher, now=None):
    return delivery.deliver(sender, library, now=now or clock.now(), channel=outbox.PUSH)


def send(library, now=None):
    return deliver(library, partial(pusher.Pusher, loopback=True), now)


def queue_and_send(library):
    assert notices.queue_due(now=clock.now())["mails"]
    return send(library)


def mail():
    return OutboxMail.get()


def test_a_push_says_a_day_and_a_number_and_nobodys_name(library, service):
    patron = lend(service)
    assert queue_and_send(library) == {"sent": 1}
    [(path, headers, told)] = service.taken
    assert told == {
        "title": "図書館", "body": "返却期限：11月26日(木)までの資料が1点あります。", "path": "/my/loans", "tag": mail().message_id,
        "lang": "ja",
    }  # fmt: skip
    assert path == "/phone" and headers["Content-Encoding"] == "aes128gcm" and headers["Topic"] == mail().message_id
    assert int(headers["TTL"]) == pusher.seconds_left(clock.now()) <= 86_400
    assert claims_of(headers["Authorization"])["aud"] == service.address("phone").removesuffix("/phone")
    assert (mail().state, mail().text) == ("sent", told["body"])
    assert patron.name not in str(told) and patron.card_number not in str(told)
    assert send(library) == {} and notices.queue_due(now=clock.now())["mails"] == 0


def test_each_push_is_as_long_as_any_other():
    one = pusher.push_texts.Push(1, "a" * 32, "", "", "", "図書館", "新着", "/my/sdi")
    other = pusher.push_texts.Push(
        1, "a" * 32, "", "", "", "すずかけ市立図書館", "返却期限：資料が3点あります。", "/my/loans"
    )
    assert len(pusher.content_of(one)) == len(pusher.content_of(other)) == pusher.SIZE


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_deleted_and_its_notice_forgotten(library, service, status):
    lend(service)
    service.status = status
    assert queue_and_send(library) == {"cancelled": 1}
    assert not PushSubscription.select().exists() and not LoanNotice.select().exists()
    assert notices.queue_due(now=clock.now())["mails"] == 0
    assert faults.in_database({}, now=clock.now()) == []


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_is_busy_is_asked_again_for_a_day(library, service, moved_clock, status):
    lend(service, days=3)
    factories.preference(OutboxMail.patron.rel_model.get(), days_before=7)
    service.status = status
    assert queue_and_send(library) == {"later": 1}
    moved_clock.now += timedelta(hours=23)
    assert send(library) == {"later": 1}
    moved_clock.now += timedelta(hours=2)
    assert send(library) == {"failed": 1}
    assert (mail().state, mail().error) == ("failed", f"HTTP {status}")
    assert [fault.name for fault in faults.in_database({}, now=clock.now())] == ["pushes_failed"]
    assert PushSubscription.select().exists()


@pytest.mark.parametrize(
    ("asked", "minutes"),
    [("600", 10), ("Wed, 25 Nov 2026 03:30:00 GMT", None), ("", 1), ("soon", 1), ("-5", 1), ("9" * 30, 24 * 60)],
)
def test_a_service_that_asks_for_time_gets_it(library, service, asked, minutes):
    lend(service)
    service.status, service.headers = 429, {"Retry-After": asked} if asked else {}
    queue_and_send(library)
    waits = mail().next_try_at - clock.now()
    wanted = clock.parse("2026-11-25T03:30:00+00:00") - clock.now() if minutes is None else timedelta(minutes=minutes)
    assert timedelta(0) <= waits - max(wanted, timedelta(minutes=1)) < timedelta(seconds=5)


def test_a_service_that_asks_for_time_is_asked_once_a_run_and_comes_back(library, service, moved_clock):
    for name in ("a", "b", "c"):
        lend(service, name=name)
    service.status = 429
    assert queue_and_send(library) == {"later": 3} and service.asked == 1
    service.status = 201
    moved_clock.now += timedelta(minutes=2)
    assert send(library) == {"sent": 3}
    assert sorted(path for path, _, _ in service.taken) == ["/a", "/b", "/c"]


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 413])
def test_a_refused_push_and_a_redirect_have_failed_and_the_admin_is_told(library, service, status):
    lend(service)
    service.status, service.headers = status, {"Location": service.address("elsewhere")}
    assert queue_and_send(library) == {"failed": 1} and service.asked == 1
    assert mail().error == f"HTTP {status}"
    assert [fault.name for fault in faults.in_database({}, now=clock.now())] == ["pushes_failed"]
    outbox.send_again(mail(), by="admin", now=clock.now())
    service.status = 201
    assert send(library) == {"sent": 1}


def test_a_service_that_cant_be_reached_is_tried_again(library, service):
    patron = factories.patron()
    factories.phone(patron, endpoint="http://127.0.0.1:9/x", due=True)
    factories.loan(patron, clock.today())
    assert queue_and_send(library) == {"later": 1}


@pytest.mark.parametrize(
    ("endpoint", "reason"),
    [
        ("http://127.0.0.1:9/x", "PUSH_HOSTS"),
        ("https://push.example.jp/x", "PUSH_HOSTS"),
        ("https://10.0.0.1.push.example.com/x", "PUSH_HOSTS"),
    ],
)
def test_nothing_goes_to_a_host_that_is_not_listed(library, endpoint, reason):
    patron = factories.patron()
    factories.phone(patron, endpoint=endpoint, due=True)
    factories.loan(patron, clock.today())
    notices.queue_due(now=clock.now())
    assert deliver(library) == {"failed": 1}
    assert reason in mail().error


def test_a_listed_host_that_leads_into_the_own_network_gets_nothing(library, service):
    patron = factories.patron()
    factories.phone(patron, endpoint="https://localhost/x", due=True)
    factories.loan(patron, clock.today())
    notices.queue_due(now=clock.now())
    assert deliver(library | {"PUSH_HOSTS": "localhost"}) == {"failed": 1}
    with pytest.raises(ValueError, match=r"127\.0\.0\.1|::1"):
        outgoing.post("https://localhost/x", b"", seconds=1, largest=10, headers={})


def test_a_notice_that_is_no_longer_true_or_wanted_is_not_sent(library, service):
    patron = lend(service)
    notices.queue_due(now=clock.now())
    PushSubscription.update(due=False, sdi=True).execute()
    assert send(library) == {"cancelled": 1} and service.taken == []
    PushSubscription.update(due=True).execute()
    assert queue_and_send(library) == {"sent": 1}
    assert patron.loans.count() == 1


def test_a_demonstration_writes_pushes_beside_its_mails(library, service, tmp_path):
    lend(service)
    with database.writing():
        policy.put("demonstration", True)
    notices.queue_due(now=clock.now())
    assert deliver(library) == {"sent": 1} and service.taken == []
    [file] = (tmp_path / "mail").glob("*.eml")
    assert "返却期限：" in file.read_text(encoding="utf-8")


def test_a_copy_of_the_library_sends_nothing(library, service, tmp_path):
    lend(service)
    notices.queue_due(now=clock.now())
    (tmp_path / "installation-id").write_text("elsewhere")
    assert send(library) == {"held": 1} and service.taken == []


def test_mails_and_pushes_wait_for_their_own_senders(library, service):
    lend(service)
    with database.writing():
        outbox.put("test", "a", address="abc@example.jp", now=clock.now())
    notices.queue_due(now=clock.now())
    assert delivery.sendable(now=clock.now()) == delivery.sendable(outbox.PUSH, now=clock.now()) == 1
    assert send(library) == {"sent": 1}
    assert delivery.sendable(now=clock.now()) == 1
