"""The titles and their copies. titles.tsv is made by scripts/demonstration_titles.py from the list of 青空文庫; publishers, years
and ISBN in it are invented.
"""

import csv
import random
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from peewee import fn

from library import clock
from library.catalog import store
from library.catalog.headings import people
from library.catalog.records import Record
from library.catalog.search import index, shelf_order
from library.demonstration import accessible, contents, headings
from models import Branch, Item, Title

LIST = Path(__file__).with_name("titles.tsv")
SOURCE = "aozora"
THREE_YEARS = 3 * 365  # days over which the copies came in
COPIES, HOW_OFTEN = (1, 2, 3, 4), (61, 25, 9, 5)
FIRST_BARCODE = 1_000_000_001


def write(*, today: date) -> None:
    chance = random.Random("titles")  # noqa: S311 (the same library every time)
    numbering = headings.Numbering()
    made = [_record(row, today, chance, numbering) for row in read()]
    contents.add({(record.title, record.contributors[0].name): record for record in made})
    store.Store().add(list(enumerate(made, store.next_id("title"))), [""] * len(made), now=clock.at(today))
    titles = Title.select().order_by(Title.source_id)
    Item.insert_many(_items(titles, list(Branch.select().order_by(Branch.position)), chance)).execute()
    shelf_order.keep([title.id for title in titles])
    index.items_changed()


def write_more(*, today: date) -> None:
    """Write what came later: nobody has borrowed it yet."""
    yesterday, first = today - timedelta(days=1), store.next_id("title")
    made = [*headings.volumes(SOURCE, yesterday), *accessible.editions(SOURCE, yesterday)]
    store.Store().add(list(enumerate(made, first)), [""] * len(made), now=clock.at(today))
    branch = Branch.select().order_by(Branch.position).first()
    last = int(Item.select(fn.MAX(Item.barcode)).scalar())
    for number, title in enumerate(Title.select().where(Title.id >= first).order_by(Title.id), last + 1):
        Item.insert(_item(title, branch) | {"barcode": str(number)}).execute()
    shelf_order.keep(range(first, first + len(made)))
    headings.write_authorities()
    index.refresh(people.titles_of(headings.renamed()))


def read() -> list[dict[str, str]]:
    """Return the rows of the list, by the names of its columns."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _record(row: dict[str, Any], today: date, chance: random.Random, numbering: headings.Numbering) -> Record:
    day = today - timedelta(days=chance.randint(1, THREE_YEARS))
    made = {
        "source": SOURCE,
        "contributors": [headings.contributor(row["author"], row.pop("author_kana"))],
        "series": row.get("series") or numbering.series(row["publisher"], row["audience"]),
        "year_text": row["year"],
        "year": int(row["year"]),
        "isbns": [row.pop("isbn")],
        "subjects": [(heading, "") for heading in row.pop("subjects").split("；")],
        "language": "jpn",
        "accession_date": day,
    }
    return Record(**row | made)


def _items(titles: Iterable[Title], branches: list[Branch], chance: random.Random) -> list[dict]:
    """Return one to four copies a title, each at another branch, the first most often at the first branch."""
    items = []
    for title in titles:
        owners = chance.sample(branches, chance.choices(COPIES, HOW_OFTEN)[0])
        if branches[0] not in owners and chance.random() < 0.4:
            owners[0] = branches[0]
        items += [_item(title, branch) for branch in owners]
    return [item | {"barcode": str(FIRST_BARCODE + number)} for number, item in enumerate(items)]


def _item(title: Title, branch: Branch) -> dict:
    children = title.audience == "児童"
    return {
        "title": title,
        "branch": branch,
        "shelf": "児童" if children else "一般",
        "call_number": f"{'K' if children else ''}{title.ndc} {title.author_kana[0]}",
        "material_type": title.material_type,
        "acquired_on": title.accession_date,
    }
