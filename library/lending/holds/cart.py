"""予約かご: titles that a patron is about to reserve, and reserving them together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import Expression

from library import clock, errors, holdings, policy
from library.access import undos
from library.catalog.series import volumes
from library.facts import use_facts
from library.lending.holds import holds
from library.store import database
from library.store.queries import Query, blank
from models import Branch, CartRow, Hold, HoldGroup, Item, Patron, Title

_CONTENTS = Query(lambda: CartRow.select(CartRow.title).where(CartRow.patron == blank("patron")).tuples())


@dataclass(frozen=True)
class Outcome:
    """The result for one title: its hold, or the reasons why it stays in the cart."""

    title: Title
    hold: Hold | None = None
    reasons: Sequence[errors.Refused] = ()


def in_cart(patron: Patron) -> Expression:
    """Return the condition for cart rows of a patron, without sealed ones."""
    return CartRow.patron == patron


def rows(patron: Patron) -> list[CartRow]:
    """Return the cart rows in order, with titles."""
    found = CartRow.select(CartRow, Title).join(Title).where(in_cart(patron))
    return list(found.order_by(CartRow.position, CartRow.added_at, CartRow.id))


def count(patron: Patron) -> int:
    return len(contents(patron))


def contents(patron: Patron) -> set[int]:
    """Return the ids of the titles in the cart."""
    return {title_id for (title_id,) in _CONTENTS.rows(patron=patron.id)}


def add_refusals(patron: Patron, title: Title, inside: set[int], rules: policy.Policy) -> list[errors.Refused]:
    """Return the reasons against adding a title to a cart with the title ids ``inside``; holds are judged later."""
    if title.id in inside:
        return [errors.InCartAlready()]
    limit = rules.lending(patron.category)["cart_limit"]
    return [errors.CartFull(n=limit)] if len(inside) >= limit else []


def add(patron: Patron, title: Title, *, now: datetime) -> CartRow:
    """Add a title at the end, but before later volumes of its work. Raises: Refusals."""
    with database.writing():
        if reasons := add_refusals(patron, title, contents(patron), policy.read()):
            raise errors.Refusals(reasons)
        inside = rows(patron)
        later = (position for position, row in enumerate(inside) if volumes.comes_before(title, row.title))
        inside.insert(next(later, len(inside)), CartRow.create(patron=patron, title=title, added_at=now))
        return _put_in_order(inside, title)


def add_many(patron: Patron, title_ids: list[int], *, now: datetime) -> set[int]:
    """Add titles in this order as long as there is room. Return the ids of those added; never refuses."""
    found = {title.id: title for title in Title.select().where(Title.id.in_(title_ids))}
    added = set()
    with database.writing():
        inside, rules = contents(patron), policy.read()
        for title in (found[title_id] for title_id in title_ids if title_id in found):
            reasons = add_refusals(patron, title, inside | added, rules)
            if any(isinstance(reason, errors.CartFull) for reason in reasons):
                break
            if not reasons:
                add(patron, title, now=now)
                added.add(title.id)
    return added


def move(patron: Patron, title: Title, step: int) -> int:
    """Swap a title with its neighbour (``step``: -1 above, 1 below); return its position, from 1. At either end it
    stays.

    Raises: Refusals (CartRowsGone).
    """
    with database.writing():
        inside = rows(patron)
        here = next((position for position, row in enumerate(inside) if row.title_id == title.id), None)
        if here is None:
            raise errors.Refusals([errors.CartRowsGone()])
        there = min(max(here + step, 0), len(inside) - 1)
        inside[here], inside[there] = inside[there], inside[here]
        return _put_in_order(inside, title).position


def _put_in_order(inside: list[CartRow], title: Title) -> CartRow:
    """Number the rows and return the row of the title."""
    for position, row in enumerate(inside, start=1):
        if row.position != position:
            row.position = position
            CartRow.update(position=position).where(CartRow.id == row.id).execute()
    return next(row for row in inside if row.title_id == title.id)


def remove(patron: Patron, titles: Iterable[Title]) -> int:
    """Take titles out of the cart; return the number that were in it."""
    with database.writing():
        return CartRow.delete().where(in_cart(patron), CartRow.title.in_(list(titles))).execute()


def take_out(patron: Patron, row: CartRow, *, now: datetime) -> None:
    """予約かごから外す: take a row out; the patron can undo it for some minutes."""
    with database.writing():
        if remove(patron, [row.title]):
            undos.remember(patron, "cart", _facts(row), now=now)


def _facts(row: CartRow) -> dict[str, Any]:
    return {"title": row.title_id, "position": row.position, "added_at": row.added_at.isoformat()}


def put_back(patron: Patron, facts: dict[str, Any]) -> None:
    """元に戻す: add the title where it was, in the caller's transaction. Raises: UndoChanged if it or room is gone."""
    title = Title.get_or_none(Title.id == facts["title"])
    if title is None or add_refusals(patron, title, contents(patron), policy.read()):
        raise errors.UndoChanged()
    inside = rows(patron)
    row = CartRow.create(patron=patron, title=title, added_at=datetime.fromisoformat(facts["added_at"]))
    inside.insert(sum(other.position < facts["position"] for other in inside), row)
    _put_in_order(inside, title)


def contact(method: str, *, by_mail: bool) -> str:
    """Return the 連絡方法 from the chosen method and メールで連絡する/しない. Raises: ContactUnclear when they contradict."""
    if by_mail and method == "none":
        return "mail"
    if by_mail != (method == "mail"):
        raise errors.ContactUnclear()
    return method


def preview(standing: holds.Standing, titles: Sequence[Title]) -> list[Outcome]:
    """Return the outcome of each title if it were reserved now; nothing is written."""
    copies = {title.id: [] for title in titles}
    for item in Item.select().where(Item.title.in_(list(copies)), holdings.is_own()):
        copies[item.title_id].append(item)
    return [Outcome(title, reasons=standing.refusals(title, copies[title.id])) for title in titles]


def choice_refusals(
    patron: Patron,
    titles: Sequence[Title],
    pickup_branch: Branch | None,
    contact_method: str,
    order: str,
    suspended_until: date | None = None,
    *,
    today: date,
) -> list[errors.Refused]:
    """Return the refusals of the common choice; none when it is fine."""
    reasons = holds.choice_refusals(patron, pickup_branch, contact_method)
    reasons += holds.suspension_refusals(suspended_until, today=today)
    return reasons + ([errors.OneAloneHasNoOrder()] if order and len(titles) < 2 else [])


def place(
    patron: Patron,
    titles: Sequence[Title],
    *,
    pickup_branch: Branch | None,
    contact_method: str,
    order: str = "",
    suspended_until: date | None = None,
    rules: policy.Policy | None = None,
    now: datetime,
) -> list[Outcome]:
    """予約する: reserve those of the titles that are in the cart, in order, with one 受取館 and 連絡方法; return an outcome for
    each.

    ``order``: in_order (順番どおり), any_one (いずれか一つ) or empty. ``suspended_until``: the last day of a 一時停止. Refused titles
    stay in the cart; the patron can undo the holds for some minutes. Raises: Refusals for the choice:
    BranchHandsOutNoHolds, MailGoesNowhere, OneAloneHasNoOrder, SuspensionInThePast.
    """
    today = clock.day_of(now)
    if reasons := choice_refusals(patron, titles, pickup_branch, contact_method, order, suspended_until, today=today):
        raise errors.Refusals(reasons)
    chosen = {
        "pickup_branch": pickup_branch,
        "contact_method": contact_method,
        "suspended_until": suspended_until,
        "rules": rules or policy.read(),
        "now": now,
    }
    with database.writing():
        inside = {row.title_id: row for row in rows(patron)}
        titles = [title for title in titles if title.id in inside]  # what was pressed twice is reserved once
        group = HoldGroup.create(patron=patron, kind=order) if order and _can_place(patron, titles, now) else None
        outcomes = [_place(patron, title, chosen | {"group": group, "position": n}) for n, title in enumerate(titles)]
        placed = [_facts(inside[each.title.id]) | {"hold": each.hold.id} for each in outcomes if each.hold]
        if placed:
            remove(patron, [each.title for each in outcomes if each.hold])
            refused = [each.title.id for each in outcomes if not each.hold]
            undos.remember(patron, "cart", {"holds": placed, "refused": refused}, now=now)
    return outcomes


def latest(patron: Patron, *, now: datetime) -> dict[str, Any]:
    """Return the facts of the latest holds that can be taken back: ``holds``, and titles ``refused`` with them."""
    found = (undo.facts for undo in undos.of_patron(patron, "cart", now=now))
    return next((facts for facts in found if "holds" in facts), {"holds": [], "refused": []})


def take_back(patron: Patron, facts: dict[str, Any], *, now: datetime) -> None:
    """元に戻す: end the holds of one press and put their titles back where they were, in the caller's transaction.

    Raises: UndoChanged when one of them is over or cancelled, or the cart has no room.
    """
    placed = list(Hold.select().where(Hold.patron == patron, Hold.id.in_([row["hold"] for row in facts["holds"]])))
    if len(placed) < len(facts["holds"]) or any(holds.cancel_refusals(hold) for hold in placed):
        raise errors.UndoChanged()
    for hold in sorted(placed, key=lambda hold: hold.position, reverse=True):
        holds.cancel(hold, by="patron", now=now)
    use_facts.forget_holds([hold.id for hold in placed])
    for row in facts["holds"]:
        put_back(patron, row)


def _can_place(patron: Patron, titles: Sequence[Title], now: datetime) -> bool:
    """Tell whether at least two of the titles can be reserved, so that a group makes sense."""
    return sum(not outcome.reasons for outcome in preview(holds.Standing(patron, today=clock.day_of(now)), titles)) > 1


def _place(patron: Patron, title: Title, chosen: dict[str, Any]) -> Outcome:
    try:
        return Outcome(title, holds.place(patron, title, **chosen))
    except errors.Refusals as refused:
        return Outcome(title, reasons=refused.reasons)
