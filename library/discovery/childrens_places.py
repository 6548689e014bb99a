"""どこに ある？: where a copy stands, in kana, as a child reads it."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from library import audit, errors, holdings, policy
from library.catalog import ndc
from library.catalog.folding import romaji
from library.discovery import rankings
from library.store import database, queries
from models import Branch, Item, Title

SETTINGS = ("library_kana", "kids_shelves")
LONGEST_NAME, LONGEST_SHELF, MOST_SHELVES = 40, 30, 60
CLASSES = {  # of the ten main classes of NDC
    "0": "なんでも しらべる",
    "1": "こころと かんがえ",
    "2": "れきしと せかい",
    "3": "くらしと がっこう",
    "4": "しぜんと かがく",
    "5": "ものづくりと りょうり",
    "6": "いきものと しごと",
    "7": "えと おんがくと スポーツ",
    "8": "ことば",
    "9": "おはなし",
}
USUAL_SHELVES = {
    "児童": "こどもの ほんだな",
    "絵本": "えほんの ほんだな",
    "紙芝居": "かみしばいの ほんだな",
    "視聴覚": "CDと DVDの ほんだな",
    "一般": "おとなの ほんだな",
}
_KANA = re.compile("[ぁ-んァ-ヶー0-9A-Za-z ・、]+")


class Place(NamedTuple):
    """The shelf of a copy. ``digit``: its main class; ``label``: the lines of the label on its spine."""

    shelf: str
    digit: str
    words: str
    label: tuple[str, ...]


def of_copy(shelf: str, call_number: str, own: Mapping[str, str]) -> Place:
    """Return the place of a copy. ``own``: the library's names of shelves in kana."""
    digit = ndc.split_call_number(call_number)[1][:1] if call_number else ""
    label = tuple(call_number.split())[:3]
    return Place(name_of_shelf(shelf, own), digit, CLASSES.get(digit, ""), label)


def name_of_shelf(shelf: str, own: Mapping[str, str]) -> str:
    """Return the name of a shelf (配架場所) in kana; empty for one whose kana nobody told."""
    return own.get(shelf) or USUAL_SHELVES.get(shelf) or (shelf if _KANA.fullmatch(shelf) else "")


def name_of_branch(branch: Branch) -> str:
    """Return the name of a branch in hiragana, as printed where no reading is known."""
    return romaji.hiragana(branch.name_kana) or branch.name


def shelves_in_use() -> list[str]:
    """Return the names of the shelves on which copies for children stand."""
    query = (
        Item.select(Item.shelf)
        .join(Title)
        .where(Title.audience == rankings.CHILDREN, Item.shelf != "", holdings.is_in_stock())
        .distinct()
        .order_by(Item.shelf)
    )
    return [shelf for (shelf,) in queries.tuples(query)]


# -- at the desk -------------------------------------------------------------------------------------------------------
def typed(own: Mapping[str, str]) -> str:
    """Return the names of shelves as they stand in the form: 児童=こどもの ほんだな, a line each."""
    known = {shelf: name_of_shelf(shelf, own) for shelf in shelves_in_use()} | dict(own)
    return "\n".join(f"{shelf}={name}" for shelf, name in sorted(known.items()))


def change(name: str, shelves: str, *, by: str, now: datetime) -> None:
    """Store the library's name in kana and the names of shelves. Raises: RefusedTogether by field (KanaUnreadable,
    ShelfNameUnreadable).
    """
    name, problems = " ".join(name.split()), dict[str, list[errors.Refused]]()
    if name and (not _KANA.fullmatch(name) or len(name) > LONGEST_NAME):
        problems["library_kana"] = [errors.KanaUnreadable(maximum=LONGEST_NAME)]
    lines = [" ".join(line.split()) for line in shelves.splitlines() if line.strip()][:MOST_SHELVES]
    pairs = [line.replace("＝", "=").partition("=") for line in lines]
    if wrong := next((pair for pair in pairs if not _is_readable(pair)), None):
        problems["kids_shelves"] = [errors.ShelfNameUnreadable(text="".join(wrong))]
    if problems:
        raise errors.RefusedTogether(problems)
    own = {shelf.strip(): kana.strip() for shelf, _, kana in pairs if kana.strip()}
    unusual = {shelf: kana for shelf, kana in own.items() if kana != name_of_shelf(shelf, {})}
    _store({"library_kana": name, "kids_shelves": unusual}, by, now)


def _is_readable(pair: tuple[str, str, str]) -> bool:
    shelf, sign, kana = (part.strip() for part in pair)
    return bool(shelf and sign) and (not kana or (len(kana) <= LONGEST_SHELF and bool(_KANA.fullmatch(kana))))


def _store(values: Mapping[str, Any], by: str, now: datetime) -> None:
    with database.writing():
        before = policy.several(*SETTINGS)
        changed = {each: value for each, value in values.items() if before[each] != value}
        for each, value in changed.items():
            policy.put(each, value)
        if changed:
            words = {each: [_words(before[each]), _words(value)] for each, value in changed.items()}
            audit.record("kids.words", actor=by, now=now, changes=words)


def _words(value: Any) -> str:
    return "、".join(f"{shelf}={kana}" for shelf, kana in value.items()) if isinstance(value, dict) else value or "–"
