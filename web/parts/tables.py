"""A table as a file: CSV in UTF-8 with BOM, or an Excel workbook."""

import io
from collections.abc import Sequence
from typing import Any

from flask import Response, url_for

from library.files import report, workbooks

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file(kind: str, name: str, sheet: str, headings: Sequence[str], rows: Sequence[Sequence[str | float]]) -> Response:
    """Return a table as a file. ``kind``: csv or xlsx; ``name``: of the file, without its ending."""
    if kind == "csv":
        content: str | bytes = report.as_csv(headings, rows)
    else:
        book = io.BytesIO()
        workbooks.write(book, sheet, headings, rows)
        content = book.getvalue()
    headers = {"Content-Disposition": f"attachment; filename={name}.{kind}", "Cache-Control": "no-store"}
    return Response(content, 200, headers, mimetype="text/csv" if kind == "csv" else EXCEL)


def ways(**address: Any) -> list[tuple[str, str]]:
    """Return (label, address) of the files of a page, from the view ``download`` of its blueprint."""
    return [(label, url_for(".download", kind=kind, **address)) for label, kind in (("CSV", "csv"), ("Excel", "xlsx"))]
