"""書架をたどる: along the shelves from copy to copy, as one does in the library."""

from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote

from flask import request, url_for
from flask_login import current_user

from blueprints.catalog.blueprint import bp
from library import branches, invisible
from library.catalog import ndc, spine
from library.discovery import shelf_walk
from models import Branch, full_name
from web import access, htmx, links
from web.parts import stored_policy, title_rows as rows

LONGEST_SHELF = 200  # letters


class Asked(NamedTuple):
    """The walk that an address asks for; ``text`` names the spot. ``code``: of the branch, empty for all of them, None
    where there is but one; ``is_lost``: a branch was asked for that does not exist.
    """

    branch: Branch | None
    code: str | None
    shelf: str
    standing: bool
    way: shelf_walk.Way
    text: str
    is_lost: bool = False

    @property
    def limits(self) -> shelf_walk.Limits:
        """Return the branch, the shelf and 在架だけ that the walk keeps to."""
        return shelf_walk.Limits(self.branch.id if self.branch else None, self.shelf, self.standing)

    @property
    def address(self) -> str:
        """Return the address of this walk, to which a spot can be added."""
        available = "1" if self.standing else None
        address = url_for("catalog.shelf", branch=self.code, shelf=self.shelf or None, available=available)
        return f"{address}{'&' if '?' in address else '?'}"


@bp.get("/shelf")
@access.public
def shelf() -> access.Reply:
    """書架をたどる: show a stretch of the shelves around a spot, with the copy that was chosen."""
    all_branches = branches.in_order()
    shelves, asked = _asked(all_branches)
    wanted = shelf_walk.spot(asked.text) if asked.text else None
    part = shelf_walk.part(asked.limits, wanted or shelf_walk.START, asked.way if wanted else "at")
    copies = shelf_walk.copies(each.item_id for each in part.spots)
    chosen = next((each for each in copies if asked.way == "at" and wanted and each.item_id == wanted.item_id), None)
    stands = chosen.shelf_key if chosen else copies[0].shelf_key if copies else ""
    spines = _of_titles(copies, chosen)
    boards = _boards(
        spines, chosen, asked.address, part.before_key if asked.way == "after" and htmx.asks_for_part() else None
    )
    return htmx.page(
        "catalog/shelf.html",
        404 if asked.is_lost or (asked.text and not wanted) else 200,
        asked=asked,
        branches=all_branches,
        shelves=shelves,
        typed=_typed(asked, chosen or (copies[0] if copies and asked.text else None)),
        missing=_missing(asked, wanted, copies),
        classes=_classes(stands, copies[0].call_number if copies else "", asked.address),
        boards=boards,
        count=len(spines),
        ends=[copies[0].call_number, copies[-1].call_number] if copies else [],
        previous=_beside(part.before, "before", part.spots, asked.address),
        next=_beside(part.after, "after", part.spots[::-1], asked.address),
        card=_card(chosen) if chosen else None,
    )


def _asked(all_branches: list[Branch]) -> tuple[list[str], Asked]:
    """Return the shelves to choose from, and what the address asks for. A shelf that its branch hasn't is left out."""
    code, name = _text("branch"), _text("shelf")[:LONGEST_SHELF]
    branch = next((each for each in all_branches if each.code == code), None)
    is_lost = bool(code and branch is None)
    if not code and (home := shelf_walk.branch_with(name) if name else _usual_branch()):
        branch = next((each for each in all_branches if each.id == home), None)
    code = (branch.code if branch else "") if len(all_branches) > 1 else None
    branch = all_branches[0] if len(all_branches) == 1 else branch
    shelves = shelf_walk.shelves(branch.id) if branch else []
    name = name if name in shelves else ""
    way = _way()
    return shelves, Asked(branch, code, name, _text("available") not in ("", "0"), way, _text(way), is_lost)


def _usual_branch() -> int | None:
    """Return the branch of an address that names none: the patron's own, or the first with copies; None where all are
    asked for, or a copy, wherever it stands.
    """
    if "branch" in request.args or _text(_way()).startswith(shelf_walk.COPY):
        return None
    own = current_user.patron.pickup_branch_id if current_user.patron else None
    return own or shelf_walk.branch_with()


def _of_titles(copies: list[shelf_walk.Found], chosen: shelf_walk.Found | None) -> list[shelf_walk.Found]:
    """Return a copy for each title that stands there: the chosen one, else one that is in, else the first."""
    beside = [list(some) for _, some in groupby(copies, lambda copy: (copy.shelf_key, copy.title_id))]
    return [max(some, key=lambda copy: (copy is chosen, copy.kind == "in")) for some in beside]


def _way() -> shelf_walk.Way:
    if _text("at"):
        return "at"
    if _text("after"):
        return "after"
    return "before" if _text("before") else "at"


def _text(name: str) -> str:
    return invisible.without_directions(request.args.get(name, "").replace("\0", "")).strip()


def _typed(asked: Asked, copy: shelf_walk.Found | None) -> str:
    """Return the text of the box: the call number as typed, else that of ``copy``, so that another branch opens at the
    same spot.
    """
    if asked.way == "at" and asked.text and not asked.text.startswith(shelf_walk.COPY):
        return asked.text
    return copy.call_number if copy else ""


def _missing(asked: Asked, wanted: shelf_walk.Spot | None, copies: list[shelf_walk.Found]) -> str | None:
    """Return the word for a thing that this shelf lacks: branch, spot, copy or number; None when nothing is missing."""
    if asked.is_lost:
        return "branch"
    if asked.text and wanted is None:
        return "copy" if asked.text.startswith(shelf_walk.COPY) else "spot"
    if wanted is None or asked.way != "at" or not copies:
        return None
    if wanted.item_id:
        return None if any(each.item_id == wanted.item_id for each in copies) else "copy"
    return None if any(each.shelf_key.startswith(wanted.key) for each in copies) else "number"


def _classes(key: str, call_number: str, address: str) -> list[dict]:
    """Return the ten main classes, each with where it begins: among the same shelf marks (K, R) as where one is."""
    mark, digits = ndc.split_call_number(call_number)[0], ndc.division(key)[1]
    return [
        {
            "code": code,
            "words": _short(code),
            "url": f"{address}at={quote(mark + code)}",
            "current": digits[:1] == code,
        }
        for code in ndc.DIGITS
    ]


def _boards(
    copies: list[shelf_walk.Found], chosen: shelf_walk.Found | None, address: str, before: str | None
) -> list[dict]:
    """Return the copies of each division, with its plate; none for that which goes on where a page
    ended (``before``).
    """
    boards, division = [], ndc.division(before) if before else None
    for copy in copies:
        here = ndc.division(copy.shelf_key)
        if here != division or not boards:
            boards.append({"plate": None if here == division else _plate(copy, here[1]), "copies": []})
        division = here
        boards[-1]["copies"].append(_copy(copy, copy is chosen, address))
    return boards


def _plate(copy: shelf_walk.Found, digits: str) -> dict:
    mark = ndc.split_call_number(copy.call_number)[0]
    return {
        "number": mark + digits.ljust(3, "0") if digits else mark,
        "words": _short(digits),
        "digit": digits[:1] or "0",
        "is_last": copy.shelf_key == ndc.LAST,
    }


def _short(code: str) -> str:
    """Return the first word for a class: 天文学 of 天文学．宇宙科学."""
    return ndc.caption(code).partition("．")[0]


def _copy(copy: shelf_walk.Found, is_chosen: bool, address: str) -> dict:
    return {
        "spine": spine.make(full_name(copy.title, copy.volume), copy.author, copy.ndc, copy.call_number),
        "kind": copy.kind,
        "current": is_chosen,
        "url": f"{address}at={shelf_walk.COPY}{copy.item_id}#here",
    }


def _beside(span: shelf_walk.Span | None, way: str, spots: list[shelf_walk.Spot], address: str) -> dict | None:
    """Return the part before or after: where it is, and of which classes; of one class alone, between which call
    numbers.
    """
    if span is None:
        return None
    numbers = dict.fromkeys("".join(ndc.split_call_number(each)[:2]) for each in span)
    numbers = filter(None, numbers if len(numbers) > 1 else dict.fromkeys(span))
    return {"url": f"{address}{way}={shelf_walk.COPY}{spots[0].item_id}#walk", "span": "–".join(numbers)}


def _card(copy: shelf_walk.Found) -> dict:
    """Return the facts of a copy for the foot of the page, with the action for its title."""
    (row, action), *_ = rows.with_actions([copy.title_id], current_user.patron, stored_policy.read())
    return {
        "row": row,
        "action": action,
        "state": rows.State(copy.kind, 1 if copy.kind == "none" else 0, copy.due_on),
        "place": [each for each in (copy.branch, copy.shelf, copy.call_number) if each],
        "back": links.this_address(),
    }
