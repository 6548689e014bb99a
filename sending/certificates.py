"""Certificates of mail servers: the trusted authorities, and the sentence about a certificate that is refused."""

import smtplib
import ssl

from cryptography import x509

from sending import mail_templates

SETTING = "MAIL_CA_FILE"


def context(ca_file: str) -> ssl.SSLContext:
    """Return the TLS context that trusts the system's authorities and those of the file. Raises: OSError, where the
    file can't be read or holds none.

    A certificate made by ``openssl req -x509`` lacks parts that RFC 5280 asks of an authority, which Python refuses
    from 3.13 on.
    """
    checked = ssl.create_default_context()
    if ca_file:
        checked.load_verify_locations(cafile=ca_file)
        checked.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return checked


def refusal(error: ssl.SSLCertVerificationError, server: str, port: int, *, at_once: bool, seconds: float) -> str:
    """Return the sentence about a refused certificate: reason, issuer, and the setting that may mend it."""
    try:
        issuer = _issuer(server, port, at_once, seconds)
    except (OSError, smtplib.SMTPException, ValueError) as problem:
        issuer = f"不明（{type(problem).__name__}）"
    return mail_templates.one_line(
        f"{server} の証明書を確かめられません（{error.verify_message}、発行者 {issuer}）。"
        f"この発行者を信用してよいときは、その証明書（PEM）のファイルを {SETTING} に書いてください。"
    )


def _issuer(server: str, port: int, at_once: bool, seconds: float) -> str:
    """Return the issuer of the server's certificate. Nothing but a greeting is sent to the server."""
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
