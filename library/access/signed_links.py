"""Signed links: their subject can be read by everybody and made by the library alone."""

import base64
import hashlib
import hmac

SIGNATURE_BYTES = 16


def sign(purpose: str, subject: str, key: str) -> str:
    """Return ``subject.signature``, good for this purpose only. Short, because it is in a mail for feature phones."""
    return f"{subject}.{_signature(purpose, subject, key)}"


def read(purpose: str, token: str, key: str) -> str | None:
    """Return the subject of a signed token; None where the signature is not ours."""
    subject, dot, signature = token.rpartition(".")
    expected = _signature(purpose, subject, key)
    return subject if dot and hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")) else None


def _signature(purpose: str, subject: str, key: str) -> str:
    text = f"{purpose}\n{subject}".encode("utf-8", "replace")
    digest = hmac.new(key.encode(), text, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:SIGNATURE_BYTES]).decode().rstrip("=")
