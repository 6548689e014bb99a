"""リクエスト in every state, from works.tsv and requests.tsv. ``interlibrary`` goes on with what is borrowed.

``days``: ago; ``patron``: by place among those who may borrow.
"""

from datetime import date, timedelta

from library import clock, policy
from library.demonstration import holds, rows
from library.demonstration.lending import Desk
from library.requests import same_work, states
from models import Branch, Hold, Item, Patron, PatronRequest, Title, Wanted

DECIDED_AFTER = 5  # days
NOT_TAKEN = "コミック、ゲーム、問題集と、発売前の本は、お受けしていません。"
TOLD = ("title_text", "volume", "author", "publisher", "year_text", "state")


def write(desk: Desk) -> None:
    policy.put("requests_not_taken", NOT_TAKEN)
    reader, *others = desk.able()
    able = [reader, *(patron for patron in others if not patron.keep_history)]
    requests = rows.read("door/requests.tsv")
    for row in rows.read("door/works.tsv"):
        state, days = row["state"], int(row["days"])
        asked, decided = (desk.today - timedelta(days=ago) for ago in (days, max(0, days - DECIDED_AFTER)))
        mine = [one for one in requests if one["title_text"] == row["title_text"]]
        hold = _hold(desk, able[int(mine[0]["patron"])], row["title_text"], asked) if state == "arrived" else None
        came_on = hold and hold.item and hold.item.acquired_on
        ended_at = clock.at(came_on or decided, 11) if state in states.OVER else None
        wish = same_work.Wish(row["title_text"], author=row["author"], volume=row["volume"])
        wanted = Wanted.create(
            **{name: row[name] for name in TOLD}, key=same_work.key(wish), title=hold and hold.title,
            made_at=clock.at(asked, 18), reason="unavailable" if state == "declined" else "", ended_at=ended_at,
            decided_on=None if state in (*states.UNDECIDED, "cancelled") else decided,
        )  # fmt: skip
        for number, one in enumerate(mine):
            PatronRequest.create(
                wanted=wanted, patron=able[int(one["patron"])], may_borrow=bool(one["may_borrow"]), note=one["note"],
                pickup_branch=hold.pickup_branch if hold else desk.branches[number], hold=hold, reply=row["reply"],
                asked_at=clock.at(desk.today - timedelta(days=int(one["days"])), 18),
                ended_at=ended_at, cancelled=state == "cancelled",
            )  # fmt: skip


def _hold(desk: Desk, patron: Patron, title: str, asked: date) -> Hold:
    """Return the hold that came of a request, on the copy that was bought, which is kept for the patron."""
    item = Item.select(Item, Title, Branch).join(Title).switch(Item).join(Branch).where(Title.title == title).get()
    placed = {"placed_at": clock.at(asked, 18)}
    return Hold.create(**holds.on_the_way(desk, patron, item, "ready") | placed)
