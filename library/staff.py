"""職員: who may sit at the desk."""

import re
import secrets
import unicodedata

from library import audit, database, errors, passwords
from models import Staff

LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,39}\Z")
PASSWORD_MINIMUM = 15  # characters: staff see what patrons borrow
# without letters and digits that are taken for one another
ONE_TIME_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
ONE_TIME_LENGTH = 20


def add(login: str, role: str, *, password: str | None = None, actor: str, now) -> str | None:
    """A new account. Without a password a one-time one is made and returned, to be changed at the first sign-in.

    Refused: LoginMalformed, LoginTaken (whatever the case of letters), StaffPasswordTooShort, PasswordTooLong,
    PasswordHasControl.
    """
    if not LOGIN.match(login):
        raise errors.LoginMalformed()
    if password is not None:
        _check(password)
    one_time = None if password is not None else _one_time()
    hashed = passwords.hash_password(password if password is not None else one_time)
    with database.writing():
        if any(row.login.casefold() == login.casefold() for row in Staff.select(Staff.login)):
            raise errors.LoginTaken(login=login)
        Staff.create(
            login=login, role=role, password_hash=hashed, must_change_password=one_time is not None, created_at=now
        )
        audit.record("staff.added", actor=actor, now=now, login=login, role=role)
    return one_time


def _check(password):
    folded = passwords.fold(password)
    if len(folded) < PASSWORD_MINIMUM:
        raise errors.StaffPasswordTooShort(minimum=PASSWORD_MINIMUM)
    if len(folded) > passwords.MAXIMUM:
        raise errors.PasswordTooLong(maximum=passwords.MAXIMUM)
    if any(unicodedata.category(letter) == "Cc" for letter in folded):
        raise errors.PasswordHasControl()


def _one_time():
    return "".join(secrets.choice(ONE_TIME_LETTERS) for _ in range(ONE_TIME_LENGTH))
