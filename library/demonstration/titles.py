"""The titles and their copies, from titles.tsv, invented.tsv and editions.tsv.

titles.tsv is made by scripts/demonstration_titles.py from the list of 青空文庫, with invented publishers, years and ISBN.
"""

import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from peewee import fn

from library import clock, wording
from library.catalog import store
from library.catalog.creators import creators
from library.catalog.fulltext import index, shelf_order
from library.catalog.records import Record
from library.demonstration import contents, headings, rows
from library.lending import withdrawals
from models import Branch, Item, Loan, Title

LIST, INVENTED, EDITIONS = "titles.tsv", "invented.tsv", "editions.tsv"
SOURCE, NO_SOURCE = "aozora", "suzukake"
THREE_YEARS = 3 * 365  # days over which the copies came in
COPIES, HOW_OFTEN = (1, 2, 3, 4), (61, 25, 9, 5)
BELOVED = ("こころ", "銀河鉄道の夜", "茶の本", "遠野物語", "善の研究")  # which the library has as often as any
FIRST_BARCODE = 1_000_000_001
SHELVES = {"CD": "視聴覚", "DVD": "視聴覚", "紙芝居": "紙芝居"}  # of a kind of material
BOUGHT = {"acquired_how": "購入", "supplier": "すずかけ書店", "budget_word": "図書購入費"}
GIVEN = {"acquired_how": "寄贈", "supplier": "市民", "budget_word": "", "price": None}
LONG_AGO = 12  # years
PICTURE_BOOKS = "726", "絵本"  # class and shelf


def write(*, today: date) -> None:
    chance = random.Random("titles")  # noqa: S311 (the same library every time)
    numbering = headings.Numbering()
    made = []
    for row in rows.read(LIST):
        series = numbering.series(row["publisher"], row["audience"])
        made.append(rows.record(row, source=SOURCE, day=_day(today, chance), series=series))
    contents.add({(record.title, record.contributors[0].name): record for record in made})
    _add(made, chance, today)
    chance = random.Random("invented")  # noqa: S311 (so that the others stay as they are)
    _add([rows.record(row, source=NO_SOURCE, day=_day(today, chance)) for row in rows.read(INVENTED)], chance, today)
    index.copies_changed()


def write_more(*, today: date) -> None:
    """Write the titles acquired last, which nobody has borrowed yet."""
    yesterday = today - timedelta(days=1)
    editions = [
        rows.record(row, source=NO_SOURCE, day=yesterday - timedelta(days=number))
        for number, row in enumerate(rows.read(EDITIONS))
    ]
    titles = _put([*headings.volumes(SOURCE, yesterday), *editions], today)
    branch = Branch.select().order_by(Branch.position).first()
    Item.insert_many(numbered([_item(title, branch) for title in titles])).execute()
    shelf_order.write_keys([title.id for title in titles])
    headings.write_authorities()
    index.refresh(creators.titles_of(headings.renamed()))


def _day(today: date, chance: random.Random) -> date:
    return today - timedelta(days=chance.randint(1, THREE_YEARS))


def _add(made: list[Record], chance: random.Random, today: date) -> None:
    """Write titles with their copies."""
    titles = _put(made, today)
    branches = list(Branch.select().order_by(Branch.position))
    Item.insert_many(numbered(_items(titles, branches, chance))).execute()
    shelf_order.write_keys([title.id for title in titles])


def _put(made: list[Record], today: date) -> list[Title]:
    """Write titles without copies; return them in the order of their source ids."""
    first = store.next_id("title")
    store.Store().add(list(enumerate(made, first)), [""] * len(made), now=clock.at(today))
    return list(Title.select().where(Title.id >= first).order_by(Title.source_id))


def _items(titles: Iterable[Title], branches: list[Branch], chance: random.Random) -> list[dict]:
    """Return one to four copies of each title at different branches, the first mostly at the first branch."""
    items = []
    for title in titles:
        owners = chance.sample(branches, chance.choices(COPIES, HOW_OFTEN)[0])
        if branches[0] not in owners and chance.random() < 0.4:
            owners[0] = branches[0]
        if title.title in BELOVED:
            owners += [branch for branch in branches if branch not in owners][: max(COPIES) - len(owners)]
        items += [_item(title, branch) for branch in owners]
    return items


def numbered(items: list[dict]) -> list[dict]:
    """Return copies with the next barcodes."""
    last = Item.select(fn.MAX(Item.barcode)).scalar()
    first = int(last) + 1 if last else FIRST_BARCODE
    return [item | {"barcode": str(number)} for number, item in enumerate(items, first)]


def _item(title: Title, branch: Branch) -> dict:
    children = title.audience == "児童"
    return {
        "title": title,
        "branch": branch,
        "shelf": _shelf(title),
        "call_number": f"{'K' if children else ''}{title.ndc} {title.author_kana[0]}",
        "material_type": title.material_type,
        "acquired_on": title.accession_date,
        **(BOUGHT | {"price": 880 + title.id % 23 * 110} if title.id % 9 else GIVEN),
    }


def write_weeding(*, today: date, now: datetime) -> None:
    """Let some copies that nobody borrowed have come in long ago, and withdraw a few of them."""
    unused = Item.select(Item, Title).join(Title).where(~fn.EXISTS(Loan.select(Loan.id).where(Loan.item == Item.id)))
    old = [item for item in unused.order_by(Item.id) if (item.title.year or today.year) < today.year - LONG_AGO]
    for item in old[::2]:
        Item.update(acquired_on=date((item.title.year or 0) + 1, 4, 1)).where(Item.id == item.id).execute()
    ids = [item.id for item in old[1::3]]
    gone = [case.item.id for case in withdrawals.cases(ids) if not (case.refusals or case.is_last or case.waiting)]
    reasons = {each: wording.WITHDRAWAL_REASONS[number % 4] for number, each in enumerate(gone[:8])}
    withdrawals.withdraw(reasons, today, by="staff:kanri", now=now)


def _shelf(title: Title) -> str:
    if title.ndc == PICTURE_BOOKS[0] and title.material_type == "図書":
        return PICTURE_BOOKS[1]
    return SHELVES.get(title.material_type) or ("児童" if title.audience == "児童" else "一般")
