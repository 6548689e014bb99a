"""Certificates of mail servers: who is believed, and what to say of one that is not."""

import smtplib
import ssl

from cryptography import x509

from sending import mail_templates

SETTING = "MAIL_CA_FILE"


def context(ca_file: str) -> ssl.SSLContext:
    """Return what checks a server's certificate: by the system's authorities, and by those of the file. Raises: OSError, where the
    file can't be read or holds none.

    What a town hall makes by ``openssl req -x509`` says not all that RFC 5280 asks of an authority; Python minds that from 3.13 on.
    """
    checked = ssl.create_default_context()
    if ca_file:
        checked.load_verify_locations(cafile=ca_file)
        checked.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return checked


def refusal(error: ssl.SSLCertVerificationError, server: str, port: int, *, at_once: bool, seconds: float) -> str:
    """Return the sentence about a certificate that was refused: why, by whom it was issued, and the setting that may mend it."""
    try:
        issuer = _issuer(server, port, at_once, seconds)
    except (OSError, smtplib.SMTPException, ValueError) as problem:
        issuer = f"不明（{type(problem).__name__}）"
    return mail_templates.one_line(
        f"{server} の証明書を確かめられません（{error.verify_message}、発行者 {issuer}）。"
        f"この発行者を信用してよいときは、その証明書（PEM）のファイルを {SETTING} に書いてください。"
    )


def _issuer(server: str, port: int, at_once: bool, seconds: float) -> str:
    """Return who issued the server's certificate. Nothing is said to the server but hello."""
    unchecked = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    line = (
        smtplib.SMTP_SSL(server, port, timeout=seconds, context=unchecked)
        if at_once
        else smtplib.SMTP(server, port, timeout=seconds)
    )
    with line:
        if not at_once:
            line.starttls(context=unchecked)
        certificate = line.sock.getpeercert(binary_form=True) if isinstance(line.sock, ssl.SSLSocket) else None
    return x509.load_der_x509_certificate(certificate or b"").issuer.rfc4514_string()
