"""Passkeys (WebAuthn): the device checks who holds it and signs; we have the public half alone."""

import ipaddress
import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import webauthn
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
from models import Passkey, Staff

LONGEST = 20_000  # letters of an answer
MOST = 10  # passkeys of one person
# what an answer can be that no browser gives: of the wrong kind somewhere, or nested without end
MALFORMED = (WebAuthnException, ValueError, TypeError, AttributeError, OverflowError, RecursionError)
_TIMEOUT = int(challenges.KEPT.total_seconds() * 1000)


@dataclass(frozen=True)
class Site:
    """The site for which passkeys are made and good: the host of PUBLIC_URL and its origin."""

    host: str
    origin: str
    name: str


def site(public_url: str, name: str) -> Site | None:
    """Return the site of an address; None where browsers make no passkeys: without https but on localhost, and for numbers."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
        return None
    except ValueError:
        is_secure = parts.scheme == "https" or host == "localhost"
        return Site(host, f"{parts.scheme}://{parts.netloc}", name) if is_secure else None


def of_staff(staff: Staff) -> list[Passkey]:
    return list(Passkey.select().where(Passkey.staff == staff.id).order_by(Passkey.id))


def registration(staff: Staff, place: Site, browser: str, *, now: datetime) -> str:
    """Return what a browser needs to make a passkey, as JSON."""
    value = challenges.ask(staff, "register", browser, now=now)
    options = webauthn.generate_registration_options(
        rp_id=place.host,
        rp_name=place.name,
        user_name=staff.login,
        user_id=f"staff-{staff.id}".encode(),
        challenge=base64url_to_bytes(value),
        timeout=_TIMEOUT,
        exclude_credentials=_descriptors(staff),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return webauthn.options_to_json(options)


def judge_new(staff: Staff, place: Site, answer: str, browser: str, *, now: datetime) -> VerifiedRegistration:
    """Return the passkey that a browser made; what it was asked is used up, right or wrong. Refused: PasskeyRefused."""
    try:
        credential = parse_registration_credential_json(_checked(answer))
        expected = _expected(staff, "register", credential, browser, now)
        return webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=expected,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except MALFORMED as error:
        raise errors.PasskeyRefused() from error


def store(staff: Staff, made: VerifiedRegistration, name: str, *, now: datetime) -> Passkey:
    """Store a passkey that was judged. Refused: PasskeyRefused for one that is there, TooManyPasskeys."""
    number = bytes_to_base64url(made.credential_id)
    with database.writing():
        if Passkey.select().where(Passkey.credential == number).exists():
            raise errors.PasskeyRefused()
        if Passkey.select().where(Passkey.staff == staff.id).count() >= MOST:
            raise errors.TooManyPasskeys(most=MOST)
        return Passkey.create(
            staff=staff,
            credential=number,
            public_key=bytes_to_base64url(made.credential_public_key),
            uses=made.sign_count,
            name=name,
            created_at=now,
        )


def question(staff: Staff, place: Site, purpose: str, browser: str, *, now: datetime) -> str:
    """Return what a browser needs to have a passkey of this member of staff sign, as JSON."""
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
    """Take the signature of a passkey of this member of staff. Refused: PasskeyRefused."""
    try:
        credential = parse_authentication_credential_json(_checked(answer))
        expected = _expected(staff, purpose, credential, browser, now)
        number = bytes_to_base64url(credential.raw_id)
        row = Passkey.get_or_none(Passkey.credential == number, Passkey.staff == staff.id)
        if row is None:
            raise errors.PasskeyRefused()
        signed = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=expected,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=base64url_to_bytes(row.public_key),
            credential_current_sign_count=row.uses,
            require_user_verification=True,
        )
    except MALFORMED as error:
        raise errors.PasskeyRefused() from error
    with database.writing():
        Passkey.update(uses=signed.new_sign_count, used_at=now).where(Passkey.id == row.id).execute()


def _checked(answer: str) -> dict:
    """Return an answer as the structure it must be: ValueError for anything else."""
    found = json.loads(answer[:LONGEST])
    if not isinstance(found, dict):
        raise ValueError("no credential")
    return found


def _expected(
    staff: Staff, purpose: str, given: RegistrationCredential | AuthenticationCredential, browser: str, now: datetime
) -> bytes:
    """Use up the challenge that an answer names; return it. Refused: PasskeyRefused."""
    challenge = parse_client_data_json(given.response.client_data_json).challenge
    if not challenges.take(staff, purpose, browser, bytes_to_base64url(challenge), now=now):
        raise errors.PasskeyRefused()
    return challenge


def _descriptors(staff: Staff) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential)) for row in of_staff(staff)]
