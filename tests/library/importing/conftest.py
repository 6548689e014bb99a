import io
from datetime import date
from types import SimpleNamespace

import pytest

from library import clock
from library.catalog.readers import formats
from library.files import spreadsheets
from library.files.report import REFUSAL, Report
from library.importing import patrons, titles

TODAY = date(2026, 11, 25)


@pytest.fixture
def read(db):
    """Read a table into the library: ``read(module, text)`` gives the totals, what was refused and what was warned of, and
    what else was counted.
    """

    def read(module, text, *, mapping=None, **options):
        told = []
        report = Report(tell=told.append)
        given = {"now": clock.now(), "today": TODAY} if module is patrons else {}
        either = getattr(module, "TITLE_BY", ())
        file = io.BytesIO(text if isinstance(text, bytes) else text.encode())
        if module is titles:
            table, given = (
                formats.recognised(file, mapping=mapping, holdings=options.pop("holdings", None)),
                {"today": TODAY},
            )
        else:
            table = spreadsheets.Table(file, module.COLUMNS, mapping=mapping, either=either)
        module.read_in(table, report=report, **given | options)
        refused = [(refusal.line, refusal.column) for refusal in told if refusal.kind == REFUSAL]
        warned = [(refusal.line, refusal.column) for refusal in told if refusal.kind != REFUSAL]
        counts = tuple(report.counts[outcome] for outcome in ("new", "changed", "same", "refused"))
        more = dict(report.more)
        return SimpleNamespace(counts=counts, refused=refused, warned=warned, told=told, more=more, report=report)

    return read
