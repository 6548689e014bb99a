"""The answers of every address and method to every sort of visitor, as rights_of_readers.py and rights_at_desk.py write them out.

{own}, {other} in an address: a session of one's own and of another patron, {own_loan} and the like what they have. A path after a status
is where it leads.
"""

from tests.house import rights_at_desk, rights_of_readers

_ROWS = [
    line.split(maxsplit=3)
    for table in (rights_of_readers.ANSWERS, rights_at_desk.ANSWERS)
    for line in table.strip().splitlines()
]
_HEAD = _ROWS[0]
ROLES = _HEAD[3].split()


def _cells(answers):
    """303 /my/ is one cell."""
    cells = []
    for word in answers.split():
        if word.startswith("/"):
            cells[-1] += f" {word}"
        else:
            cells.append(word)
    return cells


TABLE = [
    (endpoint, method, address, _cells(answers)) for endpoint, method, address, answers in _ROWS if endpoint != _HEAD[0]
]
