import io
from datetime import date
from types import SimpleNamespace

import pytest

from library import clock
from library.catalog.readers import formats
from library.files import spreadsheets
from library.files.report import EMPTIED, MENDED, REFUSAL, WARNING, Report
from library.importing import patrons, titles

TODAY = date(2026, 11, 25)


@pytest.fixture
def read(db):
    """Read a table into the library: ``read(module, text)`` gives the totals, what was refused, left out, mended and
    warned of, each by line and column, and what else was counted. ``values``: column → word → what the library calls
    it; ``source``: where records come from that don't say it.
    """

    def read(module, text, *, mapping=None, values=None, **options):
        told = []
        report = Report(tell=told.append)
        given = {"now": clock.now(), "today": TODAY} if module is patrons else {}
        either = getattr(module, "TITLE_BY", ())
        file = io.BytesIO(text if isinstance(text, bytes) else text.encode())
        if module is titles:
            opening = {name: options.pop(name) for name in ("holdings", "source") if name in options}
            table, given = formats.recognise(file, mapping=mapping, values=values, **opening), {"today": TODAY}
            if table.table is None and "source" not in opening:
                table.source = "TEST"
        else:
            table = spreadsheets.Table(file, module.COLUMNS, mapping=mapping, values=values, either=either)
        module.read_in(table, report=report, **given | options)
        of_kind = {
            name: [(finding.line, finding.column) for finding in told if finding.kind == kind]
            for name, kind in {"refused": REFUSAL, "emptied": EMPTIED, "mended": MENDED, "warned": WARNING}.items()
        }
        counts = tuple(report.counts[outcome] for outcome in ("new", "changed", "same", "refused"))
        more = dict(report.more)
        return SimpleNamespace(counts=counts, told=told, more=more, report=report, **of_kind)

    return read
