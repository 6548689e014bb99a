"""復旧コード: ten codes on paper for a member of staff who has lost the phone; each is good once."""

import secrets

from library.access import passwords
from library.store import database
from models import RecoveryCode, Staff

HOW_MANY, LENGTH = 10, 12
LETTERS = "abcdefghijkmnpqrstuvwxyz"  # without letters that look like digits or one another
_GROUP = 4  # letters between hyphens


def new_codes() -> dict[str, str]:
    """Return ten new codes as they are shown → their hashes. Call it outside of transactions: hashing is slow."""
    codes = ["".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(HOW_MANY)]
    return {
        "-".join(code[at : at + _GROUP] for at in range(0, LENGTH, _GROUP)): passwords.hash_password(code)
        for code in codes
    }


def store(staff: Staff, drawn: dict[str, str]) -> list[str]:
    """Store new codes in place of the old ones; return the codes as they are shown, once."""
    with database.writing():
        RecoveryCode.delete().where(RecoveryCode.staff == staff.id).execute()
        RecoveryCode.insert_many([{"staff": staff.id, "code_hash": each} for each in drawn.values()]).execute()
    return list(drawn)


def count_unused(staff: Staff) -> int:
    return RecoveryCode.select().where(RecoveryCode.staff == staff.id).count()


def find(staff: Staff, code: str) -> RecoveryCode | None:
    """Return the row of the unused code that was typed; None where there is none."""
    typed = code.replace("-", "")
    if len(typed) != LENGTH:
        return None
    rows = list(RecoveryCode.select().where(RecoveryCode.staff == staff.id))
    return next((row for row in rows if passwords.verify(row.code_hash, typed)), None)


def use_up(row: RecoveryCode) -> bool:
    """Use up a code, in the caller's transaction. Return False where another request used it up."""
    return bool(
        RecoveryCode.delete().where(RecoveryCode.id == row.id, RecoveryCode.code_hash == row.code_hash).execute()
    )
