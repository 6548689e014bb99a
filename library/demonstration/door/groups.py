"""団体 and 相手館 that borrow, from cards.tsv, and what is lent to them, from bundles.tsv, as セット or copy by copy.

``lent``: days ago; ``missing``: the copies that did not come back with the others.
"""

from datetime import timedelta
from typing import Any

from peewee import fn

from library import policy, policy_settings
from library.demonstration import patrons, rows
from library.demonstration.lending import SETTLED, Desk
from library.patrons import names
from models import Branch, Hold, Item, ItemSet, Loan, Patron, SetRow, Title

PARTNERS = "相手館"
MEMBER_FOR, VALID_FOR, BACK = 400, 1000, 2  # days since and until; days since a set came back
GROUPS_LOAN = policy_settings.SHIPPED_ROWS["団体"]


def write(desk: Desk) -> None:
    policy.ship_rows()
    policy.put("categories", [*policy_settings.CATEGORIES, PARTNERS])
    policy.put("partner_categories", [PARTNERS])
    policy.put_row(PARTNERS, "", **GROUPS_LOAN)
    cards = [_card(desk, patrons.COUNT + number, row) for number, row in enumerate(rows.read("door/cards.tsv"))]
    Patron.insert_many(cards).execute()
    for row in rows.read("door/bundles.tsv"):
        copies = _copies(desk, row)
        kept = (
            ItemSet.create(name=row["name"], barcode=row["barcode"], branch=desk.branches[0]) if row["name"] else None
        )
        if kept:
            places = [{"item_set": kept, "item": item, "position": place} for place, item in enumerate(copies, 1)]
            SetRow.insert_many(places).execute()
        if row["patron"]:
            _lend(desk, row, copies, f"set:{kept.id}:demonstration:" if kept else "")


def _card(desk: Desk, position: int, row: dict[str, Any]) -> dict[str, Any]:
    branch = next(branch for branch in desk.branches if branch.name == row["branch"])
    columns = row | {
        "card_number": patrons.card_number(position), "birth_date": None, "phone_home": row["guardian_phone"],
        "branch": branch, "pickup_branch": branch, "postal_code": f"000-{1000 + position}", "password_hash": "",
        "registered_on": desk.today - timedelta(days=MEMBER_FOR),
        "expires_on": desk.today + timedelta(days=VALID_FOR),
    }  # fmt: skip
    return columns | names.keys(columns)


def _copies(desk: Desk, row: dict[str, Any]) -> list[Item]:
    """Return copies of the first branch that nobody has, waits for or keeps in a set."""
    main = Item.select(Item, Title, Branch).join(Title).switch(Item).join(Branch).where(Item.branch == desk.branches[0])
    out = Loan.select(Loan.id).where(Loan.item == Item.id, Loan.returned_on.is_null())
    free = main.where(
        Item.state == "available",
        Item.owner.is_null(),
        Item.acquired_on < desk.today - timedelta(days=SETTLED),
        Item.title.not_in(Hold.select(Hold.title)),
        Item.id.not_in(SetRow.select(SetRow.item)),
        ~fn.EXISTS(out),
        Item.shelf == row["shelf"],
    )
    return desk.chance.sample(list(free.order_by(Item.barcode)), int(row["count"]))


def _lend(desk: Desk, row: dict[str, Any], copies: list[Item], together: str) -> None:
    """Lend copies to a card; all but the missing ones came back if there are missing ones."""
    patron, main = Patron.get(Patron.name == row["patron"]), desk.branches[0]
    lent_on = desk.days.last(main.id, desk.today - timedelta(days=int(row["lent"])))
    due_on = desk.days.next(main.id, lent_on + timedelta(days=GROUPS_LOAN["loan_days"]))
    back = len(copies) - int(row["missing"]) if row["missing"] else 0
    returned_on = desk.days.last(main.id, desk.today - timedelta(days=BACK))
    Loan.insert_many(
        {
            "item": item, "patron": None if place < back else patron, "branch": main, "lent_on": lent_on,
            "due_on": due_on, "returned_on": returned_on if place < back else None,
            "request": f"{together}{item.id}" if together else "",
        }
        for place, item in enumerate(copies)
    ).execute()  # fmt: skip
