"""The answers of every address and method to every sort of visitor, as tests/routes has them.

{own}, {other} in an address: a session of one's own and of another patron, {own_loan} and the like what they have. A
path after a status is where it leads.
"""

from tests import routes

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


TABLE = [(row.endpoint, row.method, row.address, _cells(FOR[row.visitors].format(row.answer))) for row in routes.ROWS]
