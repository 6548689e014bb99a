"""Ties: with the consent of both, a patron sees what is out and on hold on the card of a child, and nothing else of it.

Asking tells nobody whether a card exists: a request for none, and one that was declined, look like one not answered yet.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from peewee import Expression

from library import audit, clock, dates, errors, policy
from library.access import seals, throttle
from library.numbers import cards, formats, parsing
from library.patrons import patrons
from library.patrons.family import addresses
from library.store import database
from models import Audit, FamilyTie, Patron

MOST = 10  # cards that one looks at or has asked for
ASKED_A_DAY, ASKED_OF_ONE = 5, 3  # of all cards in a day; of one card in ASKED_KEPT, so that a no is heard
ASKED_KEPT = timedelta(days=30)  # while there is no answer

COLOURS = 5  # in which the viewer draws the children
LOOK, RENEW, CARD = "look", "renew", "card"  # 見る, 延長をまかせる, カードを見せる: what a child can allow
COLUMNS = {RENEW: "may_renew", CARD: "may_card"}  # 見る is the tie itself

_CHILD, _VIEWER = Patron.alias(), Patron.alias()


# -- who sees whom ---------------------------------------------------------------------------------------------------
def looked_at(viewer: Patron) -> list[FamilyTie]:
    """Return the cards that this patron may look at, with their patrons."""
    rows = FamilyTie.select(FamilyTie, _CHILD).join(_CHILD, on=(FamilyTie.child == _CHILD.id))
    return list(rows.where(FamilyTie.viewer == viewer, FamilyTie.agreed_at.is_null(False)).order_by(FamilyTie.id))


def left_to(viewer: Patron) -> list[FamilyTie]:
    """Return the ties of the children who leave their renewals to this patron."""
    return list(FamilyTie.select().where(seen_by(viewer), FamilyTie.may_renew).order_by(FamilyTie.id))


def look(ties: Iterable[FamilyTie], *, today: date) -> None:
    """Write down that the viewer looked today, for the children to see: once a day."""
    new = [tie.id for tie in ties if tie.seen_on != today]
    if new:
        with database.writing():
            FamilyTie.update(seen_on=today).where(FamilyTie.id.in_(new)).execute()


def asked_for(viewer: Patron) -> list[FamilyTie]:
    """Return the patron's requests without an answer, for cards that exist and cards that don't."""
    rows = FamilyTie.select().where(FamilyTie.viewer == viewer, FamilyTie.agreed_at.is_null())
    return list(rows.order_by(FamilyTie.id))


def onlookers(child: Patron) -> list[FamilyTie]:
    """Return who looks at this card, and who asks to, with their patrons."""
    rows = FamilyTie.select(FamilyTie, _VIEWER).join(_VIEWER, on=(FamilyTie.viewer == _VIEWER.id))
    return list(rows.where(FamilyTie.child == child).order_by(FamilyTie.id))


def seen_by(viewer: Patron) -> Expression:
    """Return the condition for ties by which this patron may look at a card."""
    return (FamilyTie.viewer == viewer) & FamilyTie.agreed_at.is_null(False)


def asked_of(child: Patron | int | None) -> Expression:
    """Return the condition for requests that this patron may agree to."""
    return (FamilyTie.child == child) & FamilyTie.agreed_at.is_null()


def touching(patron: Patron) -> Expression:
    """Return the condition for ties that this patron may end, on either side."""
    return (FamilyTie.viewer == patron) | (FamilyTie.child == patron)


# -- asking and answering --------------------------------------------------------------------------------------------
def ask(viewer: Patron, text: str, *, now: datetime) -> None:
    """Ask to look at the card of this number. Refused alike for cards that exist and cards that don't: FamilyNumberMalformed,
    FamilyIsOneself, FamilyThere, FamilyAsked, FamilyFull, FamilyAskedTooOften, FamilyAskedOfOneTooOften.
    """
    number = parsing.as_new(text, formats.cards())
    if not parsing.is_sayable(number):
        raise errors.FamilyNumberMalformed()
    child = patrons.by_card(text)
    if child == viewer:
        raise errors.FamilyIsOneself()
    with database.writing():
        _check(viewer, number, child)
        # counted by whoever is asked, whichever of their numbers was typed; what was typed is all that the viewer sees
        refusal = _asks_too_often(viewer, child.card_number if child else number, now)
        if not refusal:
            child = child if child and child.state != "closed" else None
            FamilyTie.create(viewer=viewer, number=number, child=child, asked_at=now, colour=_free_colour(viewer))
    if refusal:  # it stays counted
        raise refusal


def _free_colour(viewer: Patron) -> int:
    """Return the first colour that the viewer draws none of the others in, or one that is seldom."""
    used = [tie.colour for tie in FamilyTie.select(FamilyTie.colour).where(FamilyTie.viewer == viewer)]
    return min(range(COLOURS), key=lambda colour: (used.count(colour), colour))


def _asks_too_often(viewer: Patron, number: str, now: datetime) -> errors.Refused | None:
    asks = f"family:{viewer.card_number}"
    if throttle.count(asks, now=now, until=now + timedelta(days=1)) > ASKED_A_DAY:
        return errors.FamilyAskedTooOften()
    if throttle.count(f"{asks}:{number}", now=now, until=now + ASKED_KEPT) > ASKED_OF_ONE:
        return errors.FamilyAskedOfOneTooOften(days=ASKED_KEPT.days, most=ASKED_OF_ONE)
    return None


def _check(viewer: Patron, number: str, child: Patron | None) -> None:
    seen, asked = looked_at(viewer), asked_for(viewer)
    if any(number == tie.number or (child and tie.child_id == child.id) for tie in seen):
        raise errors.FamilyThere()
    if any(number == tie.number for tie in asked):
        raise errors.FamilyAsked()
    if len(seen) + len(asked) >= MOST:
        raise errors.FamilyFull(most=MOST)


def agree(tie: FamilyTie, allowed: Collection[str] = (LOOK,), *, now: datetime) -> None:
    """Agree, as the patron who was asked: from now on the other sees loans and holds, and may do what else is ``allowed``.

    Raises: FamilyLookMissing, without 見る, on which the others rest.
    """
    _check_allowed(allowed)
    with database.writing():
        if FamilyTie.select().where(FamilyTie.id == tie.id, asked_of(tie.child_id)).exists():
            _forget_others(tie.viewer_id, tie.child_id, tie.number, but=tie.id)
            FamilyTie.update(agreed_at=now, **columns(allowed)).where(FamilyTie.id == tie.id).execute()
            record("family.agreed", tie, by="patron", now=now, fields=sorted(allowed))


def allow(tie: FamilyTie, allowed: Collection[str], *, now: datetime, by: str = "patron") -> None:
    """Set what the viewer may do from now on. Without any tick it is a request again, to which the child may agree anew for some time. Where
    records of the child are sealed it counts as agreed to now, so that it is asked about when they are opened.

    Raises: FamilyLookMissing, where another is ticked without 見る.
    """
    if not allowed:
        _withdraw(tie, now=now, by=by)
        return
    _check_allowed(allowed)
    with database.writing():
        anew = agreed_anew(tie, now=now)
        agreed = (FamilyTie.id == tie.id) & FamilyTie.agreed_at.is_null(False)
        changed = FamilyTie.update(columns(allowed) | anew).where(agreed)
        if allows(tie) != set(allowed) and changed.execute():
            record("family.changed", tie, by=by, now=now, fields=sorted(allowed))


def agreed_anew(tie: FamilyTie, *, now: datetime) -> dict[str, datetime]:
    """Return the column of a tie that changes while records of the child are sealed: it is asked about when they are opened."""
    is_sealed = tie.child_id is not None and seals.is_sealed(Patron.get_by_id(tie.child_id))
    return {"agreed_at": now} if is_sealed else {}


def _withdraw(tie: FamilyTie, *, now: datetime, by: str) -> None:
    asked = {"agreed_at": None, "asked_at": now, **columns(())}
    with database.writing():
        if FamilyTie.update(asked).where(FamilyTie.id == tie.id, FamilyTie.agreed_at.is_null(False)).execute():
            record("family.ended", tie, by=by, now=now)


def allows(tie: FamilyTie) -> set[str]:
    """Return what a tie allows; nothing before it was agreed to."""
    more = {name for name, column in COLUMNS.items() if getattr(tie, column)}
    return {LOOK} | more if tie.agreed_at else set()


def columns(allowed: Collection[str]) -> dict[str, bool]:
    return {column: name in allowed for name, column in COLUMNS.items()}


def _check_allowed(allowed: Collection[str]) -> None:
    if not set(allowed) <= {LOOK, *COLUMNS}:
        raise errors.ChoiceUnknown()
    if LOOK not in allowed:
        raise errors.FamilyLookMissing()


def _forget_others(viewer: Patron | int, child: Patron | int | None, number: str, but: int = 0) -> None:
    """Delete other ties between the two: requests by another number of the same card, or declined before."""
    between = (FamilyTie.child == child) | (FamilyTie.number == number)
    FamilyTie.delete().where(FamilyTie.viewer == viewer, between, FamilyTie.id != but).execute()


def end(tie: FamilyTie, patron: Patron, *, now: datetime) -> None:
    """End a tie, from either side at any time. A patron who was only asked declines, and the other is not told."""
    with database.writing():
        if tie.agreed_at is None and tie.child_id == patron.id:
            FamilyTie.update(child=None).where(FamilyTie.id == tie.id, asked_of(patron)).execute()
        elif FamilyTie.delete().where(FamilyTie.id == tie.id).execute() and tie.agreed_at:
            record("family.ended", tie, by="patron", now=now)


def draw(tie: FamilyTie, label: str, colour: int) -> None:
    """Set the letter and the colour in which the viewer draws a child. Raises: RefusedTogether by label and colour."""
    label = "".join(label.split())
    refused = {
        "label": [] if len(label) <= 1 else [errors.FamilyLabelTooLong()],
        "colour": [] if colour in range(COLOURS) else [errors.ChoiceUnknown()],
    }
    if any(refused.values()):
        raise errors.RefusedTogether({name: found for name, found in refused.items() if found})
    with database.writing():
        FamilyTie.update(label=label, colour=colour).where(FamilyTie.id == tie.id).execute()


def initial(tie: FamilyTie, name: str) -> str:
    """Return the letter in which a child is drawn: as the viewer chose it, else the first of the name behind that of the family."""
    return tie.label or (name.split() or ["？"])[-1][0]


def close_card(patron: Patron) -> None:
    """End the ties of a closed card, in the caller's transaction; requests for it stay unanswered."""
    FamilyTie.update(child=None).where(asked_of(patron)).execute()
    FamilyTie.delete().where(touching(patron)).execute()


# -- at the desk -----------------------------------------------------------------------------------------------------
def may_hide(child: Patron, *, today: date) -> bool:
    """Tell whether a patron is old enough to show no titles. A 団体 has no birthday and may not."""
    age = policy.get("family_self_age")
    return child.birth_date is not None and dates.birthday(child.birth_date, age) <= today


def consent_refusals(child: Patron) -> list:
    """Return the refusals of consent that the desk would write down for this card: it is closed, or its owner answers, who ever had a password
    of their own. A password that the desk issues doesn't let the desk answer, nor does a birth date or an age that it sets.
    """
    if child.state == "closed":
        return [errors.CardClosed()]
    return [errors.FamilyAnswersThemselves()] if child.has_chosen_password else []


def require_answer_at_desk(child: Patron) -> None:
    """Raises: Refusals, where the desk can't answer for a child, who does so alone."""
    if reasons := consent_refusals(child):
        raise errors.Refusals(reasons)


def write_consent(child: Patron, text: str, allowed: Collection[str] = (LOOK,), *, by: str, now: datetime) -> None:
    """Write down that both agreed at the desk: the patron of this number sees the card of a child with no sign-in yet, and may do what else
    is ``allowed``. Who is old enough to hide titles shows none: only they can, so that no tie ended and written anew shows what they hid.
    Raises: Refusals; FamilyLookMissing.
    """
    _check_allowed(allowed)
    today = clock.day_of(now)
    with database.writing():
        child, viewer = Patron.get_by_id(child.id), patrons.by_card(text, at_desk=True)
        reasons = consent_refusals(child) or _viewer_refusals(viewer, child, text)
        if reasons or viewer is None:
            raise errors.Refusals(reasons)
        _forget_others(viewer, child, child.card_number)
        hidden = may_hide(child, today=today) or _hid_titles(child)
        drawn = {"colour": _free_colour(viewer), "titles_hidden": hidden, **columns(allowed)}
        tie = FamilyTie.create(
            viewer=viewer, number=child.card_number, child=child, asked_at=now, agreed_at=now, **drawn
        )
        if hidden:
            addresses.turn_off(child.id, viewer.id)
        record("family.agreed", tie, by=by, now=now, fields=sorted(allowed))


def _hid_titles(child: Patron) -> bool:
    """Tell whether titles were hidden last on any of a child's ties, as far back as the record of operations goes."""
    chosen = ("family.titles_hidden", "family.titles_shown")
    rows = Audit.select().where(Audit.patron == child, Audit.action.in_(chosen))
    last = rows.order_by(Audit.id.desc()).first()
    return last is not None and last.action == chosen[0]


def _viewer_refusals(viewer: Patron | None, child: Patron, text: str) -> list[errors.Refused]:
    if viewer is None:
        return [cards.refusal(text, at_desk=True)]
    if viewer.state == "closed":
        return [errors.CardClosed()]
    if viewer == child:
        return [errors.FamilyIsOneself()]
    there = FamilyTie.select().where(seen_by(viewer), FamilyTie.child == child).exists()
    return [errors.FamilyThere()] if there else []


def end_agreed(tie: FamilyTie, *, by: str, now: datetime) -> None:
    """End a tie at the desk, at the wish of either."""
    with database.writing():
        if FamilyTie.delete().where(FamilyTie.id == tie.id).execute():
            record("family.ended", tie, by=by, now=now)


# -- written down and told -------------------------------------------------------------------------------------------
_TOLD = {"family.agreed": "family_agreed", "family.ended": "family_ended", "family.stays": "family_stays"}


def record(action: str, tie: FamilyTie, *, by: str, now: datetime, **details: object) -> None:
    """Record what was done to a tie that was agreed to in a row for each of the two, none of which names both, and tell each by mail.

    What changes in one moment is one mail.
    """
    what = _TOLD.get(action, "family_changed")
    viewer, child = tie.viewer, Patron.get_by_id(tie.child_id)
    for patron, other in ((viewer, child), (child, viewer)):
        cause = audit.record(action, actor=by, now=now, patron=patron.id, **details)
        facts = {"what": what, "other": other.name, "at": now.isoformat()}
        for row in patrons.addresses(patron):
            subject = f"{what}:{tie.id}:{patron.id}:{now.isoformat()}"
            patrons.mail(row, "security", subject, facts=facts, cause=cause, now=now)
