"""The answers of every address and method to every sort of visitor, as rights_of_readers.py and rights_at_desk.py write them out.

{own}, {other} in an address: a session of one's own and of another patron, {own_loan} and the like what they have. A path after a status
is where it leads.
"""

from tests.house import rights_at_desk, rights_of_readers

ROLES = ["nobody", "first_password", "patron", "desk", "admin"]
# whom an address is for, and what these five get there: its answer, or to be sent away
FOR = {
    "all": "{0} {0} {0} {0} {0}",
    "anybody": "{0} FIRST {0} {0} {0}",
    "patron": "SIGN-IN FIRST {0} SIGN-IN SIGN-IN",
    "desk": "DESK FIRST DESK {0} {0}",
    "admin": "DESK FIRST DESK 403 {0}",
    "each": "{0}",  # has an answer of its own
}


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
    (endpoint, method, address, _cells(FOR[whom].format(answer)))
    for table in (rights_of_readers.ANSWERS, rights_at_desk.ANSWERS)
    for endpoint, method, address, whom, answer in (line.split(maxsplit=4) for line in table.strip().splitlines()[1:])
]
