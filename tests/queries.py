"""The queries of the application to the database: statements of SQL as peewee tells them to its log, without the words
around a transaction.
"""

import contextlib
import logging

TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SELECT pg_advisory_xact_lock")
MOST = 12  # of a page, that of the settings among them


class Queries(logging.Handler):
    """Notes each statement in ``asked``."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def emit(self, record):
        sql = record.msg[0]
        if not sql.startswith(TRANSACTION):
            self.asked.append(sql)


@contextlib.contextmanager
def noted():
    """Note all that is asked within the block."""
    log, handler = logging.getLogger("peewee"), Queries()
    before = log.level, log.propagate
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    log.propagate = False  # pytest would keep each for its report
    try:
        yield handler
    finally:
        log.removeHandler(handler)
        log.setLevel(before[0])
        log.propagate = before[1]
