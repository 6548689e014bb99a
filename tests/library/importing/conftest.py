import io
from datetime import date
from types import SimpleNamespace

import pytest

from library import clock, tables
from library.catalog import formats
from library.importing import patrons, titles
from library.importing.report import Report

TODAY = date(2026, 11, 25)


@pytest.fixture
def read(db):
    """Read a table into the library: ``read(module, text)`` gives the totals, what was refused, and what else was counted."""

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
            table = tables.Table(file, module.COLUMNS, mapping=mapping, either=either)
        module.read_in(table, report=report, **given | options)
        refused = [(refusal.line, refusal.column) for refusal in told]
        counts = tuple(report.counts[outcome] for outcome in ("new", "changed", "same", "refused"))
        return SimpleNamespace(counts=counts, refused=refused, told=told, more=dict(report.more), report=report)

    return read
