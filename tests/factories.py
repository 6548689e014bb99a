"""Rows for tests, each with just enough to be valid; say what matters, leave the rest."""

from datetime import date, timedelta
from itertools import count

from library import clock
from library.access import passwords
from library.access.guessing import sources
from library.catalog import ndc, records, store
from library.catalog.fulltext import index
from library.lending import withdrawals
from library.patrons import names, reset_requests
from library.reading import shelved, shelves
from library.store import database
from models import (
    Branch,
    CartRow,
    Ebook,
    EbookHold,
    EbookLoan,
    FamilyTie,
    HistoryEntry,
    Hold,
    Item,
    Loan,
    MailPreference,
    OutboxMail,
    Passkey,
    Patron,
    PatronAddress,
    PatronRequest,
    PushSubscription,
    Question,
    SdiCondition,
    Shelf,
    Staff,
    Title,
    Wanted,
)

PASSWORD = "aoi-sora-no-shita"
_HASH = passwords.hash_password(PASSWORD)
_numbers = count(1)
# the device of RFC 8291, Appendix A, whose other half stands in tests/push_service.py
PHONE_KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
PHONE_SECRET = "BTBZMqHH6r4Tts7J_aSIgg"


def staff(role="desk", **given):
    """A member of staff with a password of their own (PASSWORD)."""
    values = {
        "login": f"staff{next(_numbers)}",
        "password_hash": _HASH,
        "must_change_password": False,
        "created_at": clock.now(),
    }
    return Staff.create(role=role, **values | given)


def origin(address="192.0.2.1", mark=None, terminal=""):
    """From where somebody signs in."""
    return sources.Origin(address, mark, terminal, key="key")


def ask_reset(card, address, *, client="", now):
    """パスワードを忘れた方, and the job that answers it."""
    reset_requests.ask(card, address, client=client, now=now)
    return reset_requests.mail_links(now=now)


def branch(name=None, **given):
    number = next(_numbers)
    name = name or f"分館{number}"
    kept = Branch.get_or_none(Branch.name == name)
    return kept or Branch.create(**{"code": f"B{number}", "name": name, "position": number} | given)


def patron(**given):
    """A patron with a password of their own (PASSWORD); ``password=None``: never signed in."""
    number = next(_numbers)
    own = given.pop("password", PASSWORD)
    password_hash = "" if own is None else _HASH if own == PASSWORD else passwords.hash_password(own)
    values = {
        "card_number": f"{2_000_000_000 + number:013}",
        "name": "図書 花子",
        "name_kana": "トショ ハナコ",
        "birth_date": date(1978, 8, 8),
        "branch": branch("本館"),
        "password_hash": password_hash,
        "has_chosen_password": own is not None,
        "initial_issued_at": clock.now() if own is None else None,
    }
    values |= given
    return Patron.create(**names.keys(values) | values)


def address(patron, text="abc@example.jp", kind="pc", position=1, **given):
    return PatronAddress.create(patron=patron, address=text, kind=kind, position=position, **given)


def phone(patron, name="iPhoneのSafari", endpoint="", **given):
    """A device that gets pushes; ``due=True`` and so on: which kinds."""
    keys = {"p256dh": PHONE_KEY, "auth": PHONE_SECRET}
    row = {"browser": f"browser of {name}", "created_at": clock.now(), **keys} | given
    address = endpoint or f"https://push.example.jp/{next(_numbers)}"
    return PushSubscription.create(patron=patron, name=name, endpoint=address, **row)


def passkey(patron, **given):
    number = next(_numbers)
    given = {
        "credential": f"credential-{number}",
        "public_key": "-",
        "name": f"パスキー{number}",
        "created_at": clock.now(),
    } | given
    return Passkey.create(patron=patron, **given)


def preference(patron, kind="due", **given):
    return MailPreference.create(patron=patron, kind=kind, **given)


def title(name="こころ", **given):
    return Title.create(**{"title": name, "author": "夏目漱石", "ndc": "913.6"} | given)


def catalogued(name="こころ", *, by=("夏目漱石", "ナツメ, ソウセキ"), copies=0, **given) -> Title:
    """A title as an import makes it, with its author and all by which it is found; ``copies`` at the main branch."""
    contributors = [records.Contributor(*by, role="著")] if by else []
    usual = {"contributors": contributors, "ndc": "913.6", "author": by[0] if by else ""}
    record = records.Record(name, **usual | given)
    with database.writing():
        title_id = store.next_id("title")
        store.Store().add([(title_id, record)], [""], now=clock.now())
        made = Title.get_by_id(title_id)
        for _ in range(copies):
            item(made, call_number="913.6 ナ")
        index.copies_changed()
    return made


def item(of=None, **given):
    number = next(_numbers)
    key = ndc.shelf_key(given.get("call_number", ""))
    named = {"title": of or title(), "barcode": f"{number:010}", "branch": branch("本館"), "shelf_key": key}
    return Item.create(**named | given)


def withdraw(*copies, reason="その他"):
    """Withdraw copies today, whoever waits for them."""
    ids = [copy.id for copy in copies]
    moment = {"by": "desk", "now": clock.now()}
    return withdrawals.withdraw(dict.fromkeys(ids, reason), clock.today(), despite=ids, **moment)


def loan(patron, due_on=None, **given):
    due_on = due_on or clock.today() + timedelta(days=2)
    of = given.pop("item", None) or item(given.pop("title", None))
    values = {"item": of, "patron": patron, "branch": of.branch, "lent_on": due_on - timedelta(days=14)}
    return Loan.create(due_on=due_on, **values | given)


def hold(patron, of=None, **given):
    values = {"pickup_branch": branch("本館"), "placed_at": clock.now()}
    return Hold.create(patron=patron, title=of or title(), **values | given)


def request(patron, name="石の声を聴く", **given):
    """A リクエスト of a work of its own, received."""
    wanted = Wanted.create(title_text=name, key=f"\t{next(_numbers)}", made_at=clock.now())
    values = {"wanted": wanted, "pickup_branch": branch(), "asked_at": clock.now()}
    return PatronRequest.create(patron=patron, **values | given)


def history(patron, name="こころ", lent_on=None, **given):
    values = {"patron": patron, "title_text": name, "branch_text": "本館", "lent_on": lent_on or clock.today()}
    return HistoryEntry.create(**values | given)


def cart_row(patron, of=None, **given):
    return CartRow.create(**{"patron": patron, "title": of or title(), "added_at": clock.now()} | given)


def shelf(patron, name="今度読みたい本", titles=(), **given):
    """A shelf, behind the patron's others, with these titles on it."""
    made = shelves.create(patron, name)
    shelved.put(made, titles, today=clock.today())
    if given:
        Shelf.update(given).where(Shelf.id == made.id).execute()
    return Shelf.get_by_id(made.id)


def condition(patron, query="q=%E7%8C%AB", **given):
    """A saved search; the address says what for."""
    return SdiCondition.create(
        **{"patron": patron, "name": "猫の本", "query": query, "created_at": clock.now()} | given
    )


def mail(patron, kind="test", **given):
    """A mail that was sent to the patron."""
    number = next(_numbers)
    values = {"key": f"{kind}:{number}", "address": "abc@example.jp", "message_id": f"{number}", "state": "sent",
        "subject": "お知らせ",
              "text": "本文です。", "created_at": clock.now(), "next_try_at": clock.now(),
              "sent_at": clock.now()}  # fmt: skip
    return OutboxMail.create(kind=kind, patron=patron, **values | given)


def ebook(of=None, **given):
    """An e-book without its file."""
    number = next(_numbers)
    values = {
        "title": of or title("旅の本", material_type="電子書籍"),
        "licences": 1,
        "size": 20_000,
        "added_at": clock.now(),
    }
    return Ebook.create(**values | {"file": f"{number:032}", "digest": f"{number:064}"} | given)


def ebook_loan(patron, of=None, **given):
    today = clock.today()
    values = {"licence": 1, "lent_on": today, "due_on": today + timedelta(days=14)}
    return EbookLoan.create(**{"ebook": of or ebook(), "patron": patron} | values | given)


def ebook_hold(patron, of=None, **given):
    return EbookHold.create(**{"ebook": of or ebook(), "patron": patron, "placed_at": clock.now()} | given)


def tie(viewer, child=None, **given):
    """A family: the viewer looks at the card of the child (somebody's, if it doesn't matter)."""
    child = child or patron(name="図書 桃子")
    values = {"number": child.card_number, "asked_at": clock.now(), "agreed_at": clock.now()}
    return FamilyTie.create(viewer=viewer, child=child, **values | given)


def asked_tie(child, **given):
    """Somebody asks to look at the card."""
    return tie(patron(name="図書 太郎"), child, agreed_at=None, **given)


def question(patron=None, **given):
    """レファレンス, new and with consent; from an address where there is no patron."""
    values = {
        "request": f"request{next(_numbers)}",
        "patron": patron,
        "address": "" if patron else "asks@example.jp",
        "subject": "橋の名の由来",
        "text": "すずかけ橋の名は、どこから来ましたか。",
        "consent": True,
        "asked_at": clock.now(),
    }
    return Question.create(**values | given)
