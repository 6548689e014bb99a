"""A mail server with a certificate of the town's own authority: refused by name, believed with MAIL_CA_FILE; ``mail
test`` tells.
"""

import ssl
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from library.mail import answers
from sending import mailer
from settings import config, settings_file
from tests.server import free_port

DAY = timedelta(days=1)


def certificate(name, key, issuer, issuers_key, *more):
    """Return a certificate of this name in PEM."""
    made = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(datetime.now(UTC) - DAY)
    made = made.not_valid_after(datetime.now(UTC) + DAY)
    for extension, critical in more:
        made = made.add_extension(extension, critical)
    return made.sign(issuers_key, SHA256()).public_bytes(Encoding.PEM)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The files of the authority's certificate, and of the server's with its key."""
    folder = tmp_path_factory.mktemp("certificates")
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    town, server = (x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]) for name in ("Suzukake CA", "mail"))
    usage = x509.KeyUsage(*(name in ("key_cert_sign", "crl_sign") for name in (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")))  # fmt: skip
    constraints = x509.BasicConstraints(ca=True, path_length=None)
    (folder / "ca.pem").write_bytes(certificate(town, keys[0], town, keys[0], (constraints, True), (usage, True)))
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    issued = certificate(server, keys[1], town, keys[0], (names, False))
    key = keys[1].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "server.pem").write_bytes(issued + key)
    return folder / "ca.pem", folder / "server.pem"


class Kept:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope.rcpt_tos)
        return "250 OK"


@pytest.fixture(params=["MAIL_USE_TLS", "MAIL_USE_SSL"])
def served(request, files):
    """Settings for a mail server with that certificate, and what it gets."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files[1])
    kept = Kept()
    tls = {"tls_context": context} if request.param == "MAIL_USE_TLS" else {"ssl_context": context}
    controller = Controller(kept, hostname="localhost", port=free_port(), ready_timeout=30, **tls)
    controller.start()
    yield {"MAIL_SERVER": "localhost", "MAIL_PORT": controller.port, request.param: True}, kept
    controller.stop()


def test_a_certificate_of_an_unknown_authority_is_refused_with_its_name_and_the_setting(settings, in_app, served):
    with pytest.raises(answers.ServerUnavailable) as refused:
        mailer.send_test(settings | served[0], "abc@example.jp")
    assert "発行者 CN=Suzukake CA" in str(refused.value) and "MAIL_CA_FILE" in str(refused.value)
    assert served[1].mails == []


def test_the_authority_of_the_setting_is_believed(settings, in_app, served, files):
    where = mailer.send_test(settings | served[0] | {"MAIL_CA_FILE": str(files[0])}, "abc@example.jp")
    assert where == f"localhost:{served[0]['MAIL_PORT']}"
    assert served[1].mails == [["abc@example.jp"]]


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_a_file_without_a_certificate_is_refused_at_the_start(tmp_path, text):
    file = tmp_path / "ca.pem"
    if text:
        file.write_text(text)
    with pytest.raises(settings_file.WrongSetting, match=r"MAIL_CA_FILE のファイル .*ca\.pem"):
        config.load(INSTANCE=str(tmp_path), MAIL_CA_FILE=str(file))


def test_the_command_says_where_the_mail_went_or_why_it_did_not(run, app):
    sent = run("mail", "test", "abc@example.jp")
    assert sent.exit_code == 0 and sent.stdout.startswith(f"送りました: abc@example.jp（{app.instance_path}/mail）。")
    app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=free_port())
    for address in ("abc@example.jp", "no address"):
        failed = run("mail", "test", address)
        assert failed.exit_code == 1 and f"{address} に送れませんでした。" in failed.stderr
