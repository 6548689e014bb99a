"""Messages about a shelf and its books: made from codes and numbers of rows when the page is drawn."""

from flask_login import current_user

from library import errors
from models import Shelf, ShelvedTitle, Title
from web import flash
from web.parts import shelf_rows

DONE = {
    "created": ("good", "「{shelf}」をつくりました。", ""),
    "described": ("good", "変更しました。", ""),
    "noted": ("good", "{book}のメモを保存しました。", ""),
    "read": ("good", "{book}を読んだ本にしました。", ""),
    "unread": ("good", "{book}をまだ読んでいない本にしました。", ""),
    "taken_off": ("good", "{book}を本棚から出しました。", ""),
    "several_off": ("good", "{count}点を本棚から出しました。", ""),
    "nothing_chosen": ("care", errors.NothingChosen().sentence, ""),
    "added": ("good", "{what}を「{shelf}」に入れました。", ""),
    "added_some": ("care", "{what}を「{shelf}」に入れました。", "{left}点は入れられませんでした。{why}"),
    "not_added": ("care", "本棚に入れられませんでした。", "{left}点は入れられませんでした。{why}"),
    "imported": ("good", "{count}点を本棚に入れました。", ""),
    "imported_some": ("good", "{count}点を本棚に入れました。", "{left}行は入れられませんでした。"),
}


def of_adding(found) -> dict:
    """How titles were put on a shelf: what is kept of it until it is told. ``found``: an answer for each title."""
    added = [answer.title.id for answer in found if answer.reason is None]
    why = flash.codes(sorted({answer.reason for answer in found if answer.reason}, key=str))
    done = ("added_some" if why else "added") if added else "not_added"
    return {
        "done": done,
        "title": added[0] if added else None,
        "count": len(added),
        "left": len(found) - len(added),
        "why": why,
    }


def keep(shelf_id, done, **facts):
    """For the page of this shelf."""
    flash.keep(f"shelf {shelf_id}", done=done, **facts)


def on(shelf) -> dict | None:
    """Return the message for the page of this shelf."""
    return for_shelf(flash.take(f"shelf {shelf.id}"), shelf)


def for_shelf(answer, shelf) -> dict | None:
    if not answer:
        return None
    count, book = answer.get("count", 0), _book(answer, shelf)
    return flash.messages(
        answer,
        DONE,
        shelf=shelf.name,
        book=book,
        what=book if count == 1 else f"{count}点",
        count=count,
        left=answer.get("left", 0),
        why=flash.sentences(answer.get("why", ())),
    )


def _book(answer, shelf):
    """Return the name of the book on the shelf; one that is not there any more by its title, where the catalogue has it."""
    book = ShelvedTitle.get_or_none(ShelvedTitle.id == answer.get("book"), ShelvedTitle.shelf == shelf)
    title = None if book else Title.get_or_none(Title.id == answer.get("title"))
    if not (book or title):
        return "1点"
    return f"「{shelf_rows.name_of(book) if book else title.full_name}」"


# -- in the line of 並べかえる -----------------------------------------------------------------------------------------
MOVED = {"moved": ("good", "{what}を{place}番目にしました。", ""), "refused": ("care", "{why}", "")}


def moved(answer, shelf) -> dict | None:
    """``shelf`` is None where shelves are put in order."""
    return flash.messages(
        answer,
        MOVED,
        what=_book(answer, shelf) if shelf else _shelf(answer),
        place=answer.get("place"),
        why=flash.sentences(answer.get("why", ())),
    )


def _shelf(answer):
    shelf = Shelf.get_or_none(Shelf.id == answer.get("book"), Shelf.patron == current_user.patron)
    return f"「{shelf.name}」" if shelf else "1つ"
