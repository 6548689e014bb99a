"""VAPID (RFC 8292): the key by which push services know the library, and the header that it signs for them.

``vapid.pem`` in the instance folder is the library's alone: it is in no pack and no copy that leaves. Devices took its
public half when they were added: with another key they get nothing and have to be added again.
"""

import base64
import contextlib
import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

FILE = "vapid.pem"
GOOD_FOR = timedelta(hours=12)  # services refuse what is good for more than a day
_HALF = 32  # bytes of each of the two numbers of a signature

Key = ec.EllipticCurvePrivateKey


def key(instance: Path) -> Key:
    """Return the library's key, made where there is none yet, readable by its owner alone. Raises: OSError, ValueError
    (not readable).
    """
    path = instance / FILE
    if not path.exists():
        _make(path)
    found = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{FILE} holds another kind of key")
    return found


def _make(path: Path) -> None:
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    draft = path.with_name(f"{FILE}.{os.getpid()}.part")
    try:
        with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another process was faster: its key counts
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def public_key(found: Key) -> str:
    """Return the public half of a key as browsers and services take it: the point, in base64url."""
    point = found.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64url(point)


def authorization(found: Key, endpoint: str, contact: str, *, now: datetime) -> str:
    """Return the Authorization header for the service of an address. ``contact``: mailto: or https: address of the
    library's administrator.
    """
    place = urlsplit(endpoint)
    claims = {"aud": f"{place.scheme}://{place.netloc}", "exp": int((now + GOOD_FOR).timestamp()), "sub": contact}
    signed = ".".join(base64url(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(found.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = base64url(r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big"))
    return f"vapid t={signed}.{signature}, k={public_key(found)}"


def base64url(content: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
