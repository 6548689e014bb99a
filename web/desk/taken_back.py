"""Copies that came over the desk, whether they were lent, sent, fetched or are to be put back."""

from library import clock, wording
from library.lending import loans, returns
from models import Branch, Item, Title
from web.desk import counter
from web.links import url_for

TROUBLES = {
    "lost": "紛失の届けがあった資料です。",
    "claimed": "「返しました」の申し出があった資料です。見つかりました。",
    "damaged": "汚損の記録がある資料です。",
}


def take(item, *, returned_on=None) -> dict:
    """Give a copy back at this desk, and return what is to be done with it now, as a session stores it."""
    before = loans.open_loan_of(item)
    note = TROUBLES.get(before.trouble, "") if before else ""
    if not note and item.state in ("missing", "lost"):
        note = f"「{wording.ITEM_STATES[item.state]}」だった資料です。見つかりました。"
    back = returns.give_back(item, at=counter.branch(), now=clock.now(), by=counter.actor(), returned_on=returned_on)
    return {
        "at": counter.time_of_day(),
        "item": item.id,
        "loan": back.loan.id if back.loan else None,
        "what": back.what,
        "late": back.late,
        "hold": back.hold.id if back.hold else None,
        "to": back.to.id if back.to else None,
        "note": note,
    }


def in_words(stored) -> list[dict]:
    """Return the copies that came in as pages show them, the newest first."""
    wanted = [row["item"] for row in stored]
    found = {item.id: item for item in Item.select(Item, Title).join(Title).where(Item.id.in_(wanted))}
    branches = dict(Branch.select(Branch.id, Branch.name).tuples())
    return [_in_words(row, found[row["item"]], branches) for row in reversed(stored) if row["item"] in found]


def _in_words(row, item, branches):
    return row | {
        "barcode": item.barcode,
        "title": item.title.full_name,
        "lateness": f"{row['late']}日延滞" if row["late"] else "期限内" if row["loan"] else "貸出中ではありません",
        "to_name": branches.get(row["to"], ""),
        "state": wording.ITEM_STATES[item.state],
        "shelf": item.shelf,
        "item_url": url_for("desk.items.show", barcode=item.barcode),
        "slip_url": url_for("desk.holds.slip", hold_id=row["hold"]) if row["hold"] else None,
        "place": item.aside_at,
        "place_url": url_for("desk.holds.name_place", item_id=item.id)
        if row["what"] == "hold" and item.aside
        else None,
    }
