"""相互貸借の状態: the states of a borrowing, the changes between them, and their words. Drawn in docs/interlibrary.md.

貸出中 is none of them: the loan of the copy says it.
"""

from datetime import date
from typing import Any

from library import errors
from models import Borrowing

WORDS = {"asked": "依頼中", "arrived": "到着", "sent_back": "返送済", "refused": "断られた"}
OPEN = ("asked", "arrived")
OVER = ("sent_back", "refused")
CHANGES = {
    ("asked", "arrived"): "到着",
    ("arrived", "asked"): "到着の取り消し",
    ("asked", "refused"): "断られる、リクエストを検討に戻す",  # by library.requests.deciding.take_back
    ("arrived", "sent_back"): "返送",
    ("sent_back", "arrived"): "返送の取り消し",
}


def require(borrowing_id: int, state: str) -> Borrowing:
    """Return a borrowing as it is in this transaction. Raises: BorrowingElsewhere, if it is not in the state."""
    row = Borrowing.get_by_id(borrowing_id)
    if row.state != state:
        raise errors.BorrowingElsewhere(state_word=WORDS[row.state])
    return row


def move(row: Borrowing, to: str, **columns: Any) -> None:
    """Change the state of a borrowing that was read in this transaction. Raises: KeyError for a change not in the
    table.
    """
    CHANGES[row.state, to]
    columns["state"] = to
    Borrowing.update(columns).where(Borrowing.id == row.id, Borrowing.state == row.state).execute()
    for name, value in columns.items():
        setattr(row, name, value)


def is_near(row: Borrowing, *, today: date) -> bool:
    """Tell whether its owner wants a copy that is here back within NEAR_DAYS, or did before."""
    return row.state == "arrived" and row.due_on is not None and (row.due_on - today).days <= NEAR_DAYS


NEAR_DAYS = 7


def diagram() -> str:
    """Return the table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", *(f'    state "{word}" as {state}' for state, word in WORDS.items())]
    lines += [
        "    [*] --> asked: 借受を依頼する",
        *(f"    {fro} --> {to}: {why}" for (fro, to), why in CHANGES.items()),
    ]
    return "\n".join([*lines, *(f"    {state} --> [*]" for state in OVER)])
