"""Passkeys (WebAuthn): a device checks its owner and signs; the library stores the public half alone.

A passkey of staff is a second factor. A passkey of a patron signs in without a card number: the device stores
``Patron.passkey_handle``.
"""

import ipaddress
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

import webauthn
from peewee import Expression
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from library import errors
from library.access.factors import challenges
from library.store import database
from models import Challenge, Passkey, Patron, Staff

LONGEST = 20_000  # letters of an answer
MOST, MOST_OF_PATRON = 10, 5  # passkeys of one person
SHORTEST_ID, LONGEST_ID = 16, 1023  # bytes (WebAuthn, Credential ID)
# forged answers: of the wrong kind somewhere, or nested without end
MALFORMED = (WebAuthnException, ValueError, TypeError, AttributeError, OverflowError, RecursionError)
_TIMEOUT = int(challenges.KEPT.total_seconds() * 1000)


@dataclass(frozen=True)
class Site:
    """The site for which passkeys are made: the host of PUBLIC_URL and its origin."""

    host: str
    origin: str
    name: str


def site(public_url: str, name: str) -> Site | None:
    """Return the site of an address; None where browsers make no passkeys: without https (except on localhost), or with
    an IP address.
    """
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
        return None
    except ValueError:
        is_secure = parts.scheme == "https" or host == "localhost"
        return Site(host, f"{parts.scheme}://{parts.netloc}", name) if is_secure else None


class SignInChallenge(NamedTuple):
    """The challenge of a sign-in by passkey, which waits in the browser's cookie. ``until``: the end of its time."""

    value: str
    until: datetime


def of_account(person: Patron | Staff) -> list[Passkey]:
    """Return the passkeys of a person, the oldest first."""
    return list(Passkey.select().where(_whose(person)).order_by(Passkey.id))


def limit_of(person: Patron | Staff) -> int:
    """Return the number of passkeys that this person may have."""
    return MOST_OF_PATRON if isinstance(person, Patron) else MOST


def forget(patron: Patron) -> None:
    """Delete all passkeys and challenges of a patron, in the caller's transaction."""
    Passkey.delete().where(Passkey.patron == patron.id).execute()
    Challenge.delete().where(Challenge.patron == patron.id).execute()


def registration_options(person: Patron | Staff, place: Site, browser: str, *, now: datetime) -> str:
    """Return the options with which a browser makes a passkey, as JSON. A patron's passkey is found without a card
    number.
    """
    value = challenges.ask(person, "register", browser, now=now)
    name, handle, residence = _account(person)
    options = webauthn.generate_registration_options(
        rp_id=place.host,
        rp_name=place.name,
        user_name=name,
        user_id=handle.encode(),
        challenge=base64url_to_bytes(value),
        timeout=_TIMEOUT,
        exclude_credentials=_descriptors(person),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=residence, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return webauthn.options_to_json(options)


def _account(person: Patron | Staff) -> tuple[str, str, ResidentKeyRequirement]:
    """Return name, handle and storage rule of a passkey on its device. They don't tell a stranger who a patron is."""
    if isinstance(person, Staff):
        return person.login, f"staff-{person.id}", ResidentKeyRequirement.PREFERRED
    return f"利用者カード …{person.card_number[-4:]}", _handle(person), ResidentKeyRequirement.REQUIRED


def _handle(patron: Patron) -> str:
    """Return the random handle of a patron on their devices, made at its first use."""
    if not patron.passkey_handle:
        with database.writing():
            made = Patron.update(passkey_handle=secrets.token_urlsafe(32))
            made.where(Patron.id == patron.id, Patron.passkey_handle == "").execute()
            patron.passkey_handle = Patron.get_by_id(patron.id).passkey_handle
    return patron.passkey_handle


def judge_new(person: Patron | Staff, place: Site, answer: str, browser: str, *, now: datetime) -> VerifiedRegistration:
    """Return the passkey that a browser made. Its challenge is used up, right or wrong. Raises: PasskeyRefused."""
    try:
        credential = parse_registration_credential_json(_checked(answer))
        expected = _expected(person, "register", credential, browser, now)
        return webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=expected,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except MALFORMED as error:
        raise errors.PasskeyRefused() from error


def store(person: Patron | Staff, made: VerifiedRegistration, name: str, *, now: datetime) -> Passkey:
    """Store a passkey from ``judge_new``. Raises: PasskeyRefused for a known one or one whose id is too short or long;
    TooManyPasskeys.
    """
    if not SHORTEST_ID <= len(made.credential_id) <= LONGEST_ID:
        raise errors.PasskeyRefused()
    number = bytes_to_base64url(made.credential_id)
    with database.writing():
        if Passkey.select().where(Passkey.credential == number).exists():
            raise errors.PasskeyRefused()
        if Passkey.select().where(_whose(person)).count() >= limit_of(person):
            raise errors.TooManyPasskeys(most=limit_of(person))
        return Passkey.create(
            credential=number,
            public_key=bytes_to_base64url(made.credential_public_key),
            uses=made.sign_count,
            name=name,
            created_at=now,
            **({"patron": person} if isinstance(person, Patron) else {"staff": person}),
        )


def signing_options(staff: Staff, place: Site, purpose: str, browser: str, *, now: datetime) -> str:
    """Return the options with which a browser has a passkey of this member of staff sign, as JSON."""
    value = challenges.ask(staff, purpose, browser, now=now)
    options = webauthn.generate_authentication_options(
        rp_id=place.host,
        challenge=base64url_to_bytes(value),
        timeout=_TIMEOUT,
        allow_credentials=_descriptors(staff),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def prove(staff: Staff, place: Site, purpose: str, answer: str, browser: str, *, now: datetime) -> None:
    """Check the signature of a passkey of this member of staff. Raises: PasskeyRefused."""
    try:
        credential = parse_authentication_credential_json(_checked(answer))
        expected = _expected(staff, purpose, credential, browser, now)
        number = bytes_to_base64url(credential.raw_id)
        row = Passkey.get_or_none(Passkey.credential == number, Passkey.staff == staff.id)
        if row is None:
            raise errors.PasskeyRefused()
        uses = _uses(row, credential, expected, place)
    except MALFORMED as error:
        raise errors.PasskeyRefused() from error
    with database.writing():
        if not note_use(row, uses, now=now):
            raise errors.PasskeyRefused()


# -- signing in without a card number
# --------------------------------------------------------------------------------------------------
def sign_in_options(place: Site, *, now: datetime) -> tuple[str, SignInChallenge]:
    """Return the options with which a browser has any patron's passkey sign, as JSON, and their challenge."""
    value = secrets.token_bytes(32)
    options = webauthn.generate_authentication_options(
        rp_id=place.host, challenge=value, timeout=_TIMEOUT, user_verification=UserVerificationRequirement.REQUIRED
    )
    return webauthn.options_to_json(options), SignInChallenge(bytes_to_base64url(value), now + challenges.KEPT)


def read_signature(answer: str) -> tuple[AuthenticationCredential, Passkey, Patron]:
    """Return an answer, the passkey that it names and its patron; the signature is not checked yet. Raises:
    PasskeyRefused.
    """
    try:
        credential = parse_authentication_credential_json(_checked(answer))
        if parse_client_data_json(credential.response.client_data_json).cross_origin:
            raise errors.PasskeyRefused()
        handle = (credential.response.user_handle or b"").decode()
        number = bytes_to_base64url(credential.raw_id)
    except MALFORMED as error:
        raise errors.PasskeyRefused() from error
    row = Passkey.get_or_none(Passkey.credential == number, Passkey.patron.is_null(False))
    patron = row.patron if row else None
    if row is None or patron is None or not handle or patron.passkey_handle != handle:
        raise errors.PasskeyRefused()
    return credential, row, patron


def judge_signature(row: Passkey, credential: AuthenticationCredential, place: Site, asked: SignInChallenge) -> int:
    """Return the device's count of signatures after a right signature. Raises: PasskeyRefused, also for one of a copied
    passkey.
    """
    try:
        return _uses(row, credential, base64url_to_bytes(asked.value), place)
    except MALFORMED as error:
        raise errors.PasskeyRefused() from error


def note_use(row: Passkey, uses: int, *, now: datetime) -> bool:
    """Store the count and time of a signature, in the caller's transaction. Return False where the passkey is gone or
    its count was reached by another signature.

    A device that does not count says 0 each time.
    """
    counts = Passkey.uses < uses if uses else Passkey.uses == 0
    return bool(Passkey.update(uses=uses, used_at=now).where(Passkey.id == row.id, counts).execute())


def _uses(row: Passkey, credential: AuthenticationCredential, expected: bytes, place: Site) -> int:
    """Verify a signature; return the device's count of signatures."""
    signed = webauthn.verify_authentication_response(
        credential=credential,
        expected_challenge=expected,
        expected_rp_id=place.host,
        expected_origin=place.origin,
        credential_public_key=base64url_to_bytes(row.public_key),
        credential_current_sign_count=row.uses,
        require_user_verification=True,
    )
    return signed.new_sign_count


def _checked(answer: str) -> dict:
    """Return an answer as a dict. Raises: ValueError for any other JSON."""
    found = json.loads(answer[:LONGEST])
    if not isinstance(found, dict):
        raise ValueError("no credential")
    return found


def _expected(
    person: Patron | Staff,
    purpose: str,
    given: RegistrationCredential | AuthenticationCredential,
    browser: str,
    now: datetime,
) -> bytes:
    """Use up the challenge that an answer names; return it. Raises: PasskeyRefused."""
    said = parse_client_data_json(given.response.client_data_json)
    is_asked = challenges.take(person, purpose, browser, bytes_to_base64url(said.challenge), now=now)
    if not is_asked or said.cross_origin:
        raise errors.PasskeyRefused()
    return said.challenge


def _descriptors(person: Patron | Staff) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential)) for row in of_account(person)]


def _whose(person: Patron | Staff) -> Expression:
    return Passkey.patron == person.id if isinstance(person, Patron) else Passkey.staff == person.id
