"""Authenticators of our own: a device that makes passkeys and signs with them, as WebAuthn has it."""

import hashlib
import json
import secrets
import struct

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


class Device:
    """One passkey of one site. ``verifies``: it asks its owner for a finger or a number before it signs."""

    def __init__(self, origin="http://localhost", host="localhost", *, verifies=True):
        self.origin, self.host, self.verifies = origin, host, verifies
        self.key, self.number, self.uses = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16), 0
        self.handle, self.crosses = "", False  # from a page within a page of another site

    def make(self, options):
        """Return the answer of a browser for a new passkey."""
        options = json.loads(options)
        self.handle = options["user"]["id"]
        client = self._client("webauthn.create", options["challenge"])
        point = self.key.public_key().public_numbers()
        public = encode_cbor({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        attested = bytes(16) + struct.pack(">H", len(self.number)) + self.number + public
        data = self._data(ATTESTED) + attested
        return self._sent(client, attestationObject=encode_cbor({"fmt": "none", "attStmt": {}, "authData": data}))

    def sign(self, options):
        """Return the answer of a browser for a signature."""
        self.uses += 1
        client, data = self._client("webauthn.get", json.loads(options)["challenge"]), self._data()
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._sent(
            client, authenticatorData=data, signature=signature, userHandle=base64url_to_bytes(self.handle)
        )

    def _client(self, kind, challenge):
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": self.crosses}
        return json.dumps(said).encode()

    def _data(self, flags=0):
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + struct.pack(">I", self.uses)

    def _sent(self, client, **parts):
        number = bytes_to_base64url(self.number)
        parts = {name: bytes_to_base64url(part) for name, part in ({"clientDataJSON": client} | parts).items()}
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": parts})


def challenge_in(answer):
    """Return the challenge that an answer names."""
    client = base64url_to_bytes(json.loads(answer)["response"]["clientDataJSON"])
    return json.loads(client)["challenge"]
