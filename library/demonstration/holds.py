"""Queues for popular titles, holds with copies on the way, ended holds, and a cart."""

import random
from datetime import date, timedelta
from itertools import product

from library import clock, policy
from library.demonstration import patrons
from library.demonstration.lending import HELD, WANTED, Desk
from library.discovery import rankings
from library.lending.holds import cart, copy_places
from models import (
    Branch,
    Hold,
    Item,
    Patron,
    RankingOfMonth,
    Title,
)

QUEUES = (6, 5, 5, 5, 4, 4, 4, 4, 4, 4) + (3,) * (len(WANTED) - 10)  # people in line, all of which the rankings tell
WITH_READER = 2  # queues at whose end the second card is
ON_THE_WAY = ("ready", "ready", "ready", "ready", "preparing", "in_transit")
REASONS = {"collected": "", "cancelled": "patron", "expired": "deadline"}
LONG_AGO = 14, 28  # days since a hold was placed that has a copy by now, whatever days were closed
OVER = ("collected", "collected", "collected", "cancelled", "cancelled", "expired")
NEW, FARTHEST = 4, 6  # titles that came to the ranking since last month; places that others moved at most
IN_CART = ("日本のやきもの", "星くず通りの魔法道具店")


def write(desk: Desk) -> None:
    people = list(Patron.select().order_by(Patron.card_number))
    able, reader = desk.able(), people[patrons.READER]
    held = [on_the_way(desk, people[position], desk.copy(title), state) for position, state, title in HELD]
    Hold.insert_many(held + _queues(desk, able, reader) + _others(desk, able, reader)).execute()
    titles = Title.select().where(Title.title.in_(IN_CART)).order_by(Title.id)
    cart.add_many(reader, [title.id for title in titles], now=clock.at(desk.today - timedelta(days=1), 21, 15))


def write_last_month(*, today: date) -> None:
    """Write last month's lists of 予約ベスト30, so that places have moved since."""
    chance = random.Random("last month")  # noqa: S311 (the same library every time)
    found = {title.title: title for title in Title.select().where(Title.title.in_(WANTED)).order_by(Title.id)}
    before = sorted(range(len(WANTED) - NEW), key=lambda place: place + chance.uniform(0, FARTHEST))
    titles = [found[WANTED[place]] for place in before]
    month = f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"
    for audience, span in product(rankings.AUDIENCES, rankings.SPANS):
        is_child = audience == "child"
        listed = [title for title in titles if not audience or (title.audience == rankings.CHILDREN) == is_child]
        columns = {"month": month, "span": span, "audience": audience}
        RankingOfMonth.insert_many(
            columns | {"place": place, "title": title} for place, title in enumerate(listed, 1)
        ).execute()


def _queues(desk: Desk, able: list[Patron], reader: Patron) -> list[dict]:
    """Return queues for titles that are out, none with a patron who has the title."""
    holds = []
    titles = {title.title: title for title in Title.select().where(Title.title.in_(WANTED)).order_by(Title.id)}
    for number, (name, length) in enumerate(zip(WANTED, QUEUES, strict=True)):
        title = titles[name]
        waiting = desk.chance.sample(
            [patron for patron in able if desk.suits(patron, title) and patron != reader], length
        )
        if number < WITH_READER:
            waiting[-1] = reader
        holds += [hold(desk, patron, title, "waiting", length - position) for position, patron in enumerate(waiting)]
    return holds


def _others(desk: Desk, able: list[Patron], reader: Patron) -> list[dict]:
    """Return holds with a copy on the way, and ended holds, the last of them the second card's."""
    taken = {title for *_, title in HELD}
    copies = [item for item in desk.older_copies() if item.title.title not in taken]
    holds = []
    for item, state in zip(desk.chance.sample(copies, len(ON_THE_WAY + OVER)), ON_THE_WAY + OVER, strict=True):
        patron = desk.chance.choice([patron for patron in able if desk.suits(patron, item.title) and patron != reader])
        if state in OVER:
            holds.append(_over(hold(desk, patron, item.title, state, desk.chance.randint(5, 25))))
        else:
            holds.append(on_the_way(desk, patron, item, state))
    holds[-1]["patron"] = reader
    return holds


def _over(hold: dict) -> dict:
    return hold | {"ended_at": hold["placed_at"] + timedelta(days=3), "reason": REASONS[hold["state"]]}


def on_the_way(desk: Desk, patron: Patron, item: Item, state: str) -> dict:
    """Return a hold with its copy on the hold shelf, on its way there, or on the pull list, with the days so far."""
    made = hold(desk, patron, item.title, state, desk.chance.randint(*LONG_AGO))
    pickup = next(branch for branch in desk.branches if branch.id == made["pickup_branch"])
    yesterday = desk.today - timedelta(days=1)
    made["item"] = item
    if state == "preparing":
        return made | {"preparing_on": desk.days.last(item.branch_id, yesterday)}
    if state == "in_transit":
        elsewhere = next(branch for branch in desk.branches if branch != pickup)
        start = elsewhere if item.branch == pickup else item.branch
        copy_places.set_place(item, at_branch=start, going_to=pickup)
        sent_on = desk.days.last(start.id, yesterday)
        return made | {"preparing_on": desk.days.last(start.id, sent_on - timedelta(days=1)), "sent_on": sent_on}
    copy_places.set_place(item, at_branch=pickup, aside=True)
    since = desk.days.last(pickup.id, desk.today - timedelta(days=desk.chance.randint(1, 3)))
    return made | _ready(desk, made, item, pickup, since)


def _ready(desk: Desk, hold: dict, item: Item, pickup: Branch, since: date) -> dict:
    """Return the columns of a copy on the hold shelf since a day, sent the day before if from another branch."""
    columns = {"on_shelf_on": since, "preparing_on": since}
    if item.branch != pickup:
        sent_on = desk.days.last(item.branch_id, since - timedelta(days=1))
        columns |= {"sent_on": sent_on, "preparing_on": sent_on}
    if hold["contact_method"] == "phone":  # nobody has been called yet
        return columns
    last = desk.days.calendars[pickup.id].after_open_days(since, policy.get("shelf_days"))
    return columns | {"told_on": since, "pickup_by": last}


def hold(desk: Desk, patron: Patron, title: Title, state: str, days_ago: int) -> dict:
    moment = clock.at(desk.today - timedelta(days=days_ago), desk.chance.randint(8, 22), desk.chance.randint(0, 59))
    none = ("item", "preparing_on", "sent_on", "on_shelf_on", "told_on", "pickup_by", "ended_at")
    return {
        "patron": patron,
        "title": title,
        "pickup_branch": patron.pickup_branch_id,
        "contact_method": patron.contact_method,
        "state": state,
        "placed_at": moment,
        **dict.fromkeys(none),
        "reason": "",
    }
