"""Codes of an authenticator app (TOTP, RFC 6238): six digits, another every half minute, each good once."""

import base64
import hmac
import secrets
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyotp import random_base32
from pyotp.totp import TOTP

from library.store import database
from models import Authenticator, Staff

STEPS = (0, -1)  # this time step and the last, for slow readers
_DIGITS = 6
_NONCE = 12  # bytes, new for each encryption


def is_set_up(staff: Staff) -> bool:
    return Authenticator.select().where(Authenticator.staff == staff.id, Authenticator.secret != "").exists()


def begin(staff: Staff, key: str) -> None:
    """Store a new secret for an app. The former secret stays good until the new one is confirmed."""
    sealed = _sealed(random_base32(), key)
    with database.writing():
        Authenticator.insert(staff=staff.id, secret="", pending=sealed, last_step=0).on_conflict(
            conflict_target=[Authenticator.staff], update={Authenticator.pending: sealed}
        ).execute()


def pending(staff: Staff, key: str) -> str:
    """Return the new secret that is not confirmed yet; empty where there is none."""
    row = Authenticator.get_or_none(Authenticator.staff == staff.id)
    return _opened(row.pending, key) if row and row.pending else ""


def provisioning_uri(staff: Staff, secret: str, library: str) -> str:
    """Return the otpauth:// address that the QR code holds."""
    return TOTP(secret).provisioning_uri(name=staff.login, issuer_name=library)


def confirm(staff: Staff, code: str, key: str, *, now: datetime) -> bool:
    """Take a new secret into use with its first code, in the caller's transaction. Return False where the code is
    wrong.
    """
    row = Authenticator.get_or_none(Authenticator.staff == staff.id)
    step = _step(_opened(row.pending, key), code, 0, now) if row and row.pending else None
    if step is None or row is None:
        return False
    Authenticator.update(secret=row.pending, pending="", last_step=step).where(Authenticator.id == row.id).execute()
    return True


def use(staff: Staff, code: str, key: str, *, now: datetime) -> bool:
    """Use up a code, in the caller's transaction. Return False where the code is wrong or was used before."""
    row = Authenticator.get_or_none(Authenticator.staff == staff.id, Authenticator.secret != "")
    step = _step(_opened(row.secret, key), code, row.last_step, now) if row else None
    if step is None or row is None:
        return False
    unused = (Authenticator.id == row.id) & (Authenticator.last_step < step)
    return bool(Authenticator.update(last_step=step).where(unused).execute())


def remove(staff: Staff) -> None:
    """Delete the app of a member of staff, in the caller's transaction."""
    Authenticator.delete().where(Authenticator.staff == staff.id).execute()


def _step(secret: str, code: str, after: int, now: datetime) -> int | None:
    """Return the time step of a code: this one or the last, later than ``after``, the step that was used last. None for
    any other code.
    """
    if not secret or len(code) != _DIGITS or not (code.isascii() and code.isdigit()):
        return None
    totp = TOTP(secret)
    current = totp.timecode(now)
    right = [current + offset for offset in STEPS if hmac.compare_digest(code, totp.at(now, counter_offset=offset))]
    return next((step for step in right if step > after), None)


def _cipher(key: str) -> AESGCM:
    return AESGCM(
        HKDF(algorithm=SHA256(), length=32, salt=None, info=b"madoguchi authenticator aes-gcm").derive(key.encode())
    )


def _sealed(secret: str, key: str) -> str:
    nonce = secrets.token_bytes(_NONCE)
    return base64.b64encode(nonce + _cipher(key).encrypt(nonce, secret.encode(), None)).decode()


def _opened(sealed: str, key: str) -> str:
    """Return the decrypted secret; empty where it was encrypted under another key, as after a lost ``secret-key``."""
    try:
        found = base64.b64decode(sealed)
        return _cipher(key).decrypt(found[:_NONCE], found[_NONCE:], None).decode()
    except (InvalidTag, ValueError):
        return ""
