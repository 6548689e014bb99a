"""修正して取り込む: the rows of a file that came back corrected in its report, as a file of their own."""

import csv
import io
from dataclasses import replace
from typing import IO

from library.files import report
from library.importing import arrivals, kinds
from library.importing.runs import Run


def begin(run: Run, sent: IO[bytes]) -> Run:
    """Return a new run with the same plan, of the corrected rows alone. Raises: UploadGone, and as
    ``report.corrections`` and ``Table.corrected``.
    """
    wanted, text = report.corrections(sent, run.report, run.token), io.StringIO(newline="")
    with run.opened(until=kinds.look_ends_at()) as file:
        table = file.table if run.plan.kind == "titles" else file
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows(table.corrected(wanted))
    made = io.BytesIO(text.getvalue().encode("utf-8-sig"))
    new = arrivals.begin(run.instance, run.plan.kind, f"直した行 {run.plan.name}", made)
    new.plan = replace(run.plan, name=new.plan.name, inbox="", encoding="")
    new.keep_plan()
    return new
