"""Ties: with the consent of both, a viewer sees the loans and holds on the card of a child, and nothing else of it.

An unanswered request, one for no card, and a declined one look alike, so that asking tells nobody whether a card
exists.
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
from library.store.queries import Models, blank
from models import Audit, FamilyTie, Patron

MOST = 10  # ties and open requests of one viewer
ASKED_A_DAY, ASKED_OF_ONE = 5, 3  # requests in a day; for one card in ASKED_KEPT, so that a no counts
ASKED_KEPT = timedelta(days=30)  # while there is no answer

COLOURS = 5  # of the children's badges
LOOK, RENEW, CARD = "look", "renew", "card"  # the rights: 見る, 延長をまかせる, カードを見せる
COLUMNS = {RENEW: "may_renew", CARD: "may_card"}  # 見る is the tie itself


# -- who sees whom ---------------------------------------------------------------------------------------------------
def of_viewer(viewer: Patron) -> list[FamilyTie]:
    """Return the ties by which this patron may look at cards, with the children."""
    return _OF_VIEWER.rows(viewer=viewer.id)


_OF_VIEWER = Models(
    FamilyTie,
    {"child": Patron},
    lambda rows: (
        rows.join(Patron, on=FamilyTie.child)
        .where(FamilyTie.viewer == blank("viewer"), FamilyTie.agreed_at.is_null(False))
        .order_by(FamilyTie.id)
    ),
)


def renewable_by(viewer: Patron) -> list[FamilyTie]:
    """Return the ties of children who leave their renewals to this patron."""
    return list(FamilyTie.select().where(agreed_with(viewer), FamilyTie.may_renew).order_by(FamilyTie.id))


def note_look(ties: Iterable[FamilyTie], *, today: date) -> None:
    """Record that the viewer looked today, once a day, for the children to see."""
    new = [tie.id for tie in ties if tie.seen_on != today]
    if new:
        with database.writing():
            FamilyTie.update(seen_on=today).where(FamilyTie.id.in_(new)).execute()


def requests_of(viewer: Patron) -> list[FamilyTie]:
    """Return the patron's open requests, for cards that exist and cards that don't."""
    rows = FamilyTie.select().where(FamilyTie.viewer == viewer, FamilyTie.agreed_at.is_null())
    return list(rows.order_by(FamilyTie.id))


def of_child(child: Patron) -> list[FamilyTie]:
    """Return the ties and open requests to this card, with the viewers."""
    rows = FamilyTie.select(FamilyTie, Patron).join(Patron, on=FamilyTie.viewer)
    return list(rows.where(FamilyTie.child == child).order_by(FamilyTie.id))


def agreed_with(viewer: Patron) -> Expression:
    """Return the SQL condition for ties by which this viewer may look at a card."""
    return (FamilyTie.viewer == viewer) & FamilyTie.agreed_at.is_null(False)


def open_request_to(child: Patron | int | None) -> Expression:
    """Return the SQL condition for requests that this child may agree to."""
    return (FamilyTie.child == child) & FamilyTie.agreed_at.is_null()


def of_either(patron: Patron) -> Expression:
    """Return the SQL condition for ties that this patron may end, as viewer or as child."""
    return (FamilyTie.viewer == patron) | (FamilyTie.child == patron)


# -- asking and answering --------------------------------------------------------------------------------------------
def ask(viewer: Patron, text: str, *, now: datetime) -> None:
    """Ask to look at the card of a typed number. Existing and missing cards are refused alike. Raises:
    FamilyNumberMalformed, FamilyIsOneself, FamilyThere, FamilyAsked, FamilyFull, FamilyAskedTooOften,
    FamilyAskedOfOneTooOften.
    """
    number = parsing.as_new(text, formats.cards())
    if not parsing.is_number(number):
        raise errors.FamilyNumberMalformed()
    child = cards.by_number(text)
    if child == viewer:
        raise errors.FamilyIsOneself()
    with database.writing():
        _check(viewer, number, child)
        # counted by the card that is asked, whichever of its numbers was typed; the viewer sees the typed number alone
        refusal = _asks_too_often(viewer, child.card_number if child else number, now)
        if not refusal:
            child = child if child and child.state != "closed" else None
            FamilyTie.create(viewer=viewer, number=number, child=child, asked_at=now, colour=_free_colour(viewer))
    if refusal:  # it stays counted
        raise refusal


def _free_colour(viewer: Patron) -> int:
    """Return the first colour that none of the viewer's ties has, else one that the fewest have."""
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
    seen, asked = of_viewer(viewer), requests_of(viewer)
    if any(number == tie.number or (child and tie.child_id == child.id) for tie in seen):
        raise errors.FamilyThere()
    if any(number == tie.number for tie in asked):
        raise errors.FamilyAsked()
    if len(seen) + len(asked) >= MOST:
        raise errors.FamilyFull(most=MOST)


def agree(tie: FamilyTie, allowed: Collection[str] = (LOOK,), *, now: datetime) -> None:
    """Agree as the child: from now on the viewer sees loans and holds, and has the other rights in ``allowed``.

    Raises: FamilyLookMissing without 見る, which the others need.
    """
    _check_allowed(allowed)
    with database.writing():
        if FamilyTie.select().where(FamilyTie.id == tie.id, open_request_to(tie.child_id)).exists():
            _forget_others(tie.viewer_id, tie.child_id, tie.number, but=tie.id)
            FamilyTie.update(agreed_at=now, **permissions(allowed)).where(FamilyTie.id == tie.id).execute()
            record("family.agreed", tie, by="patron", now=now, fields=sorted(allowed))


def allow(tie: FamilyTie, allowed: Collection[str], *, now: datetime, by: str = "patron") -> None:
    """Set the viewer's rights from now on. Without any the tie is a request again, to which the child may agree anew
    for some time.

    While records of the child are sealed, the tie counts as agreed to now, so that their opening asks about it. Raises:
    FamilyLookMissing.
    """
    if not allowed:
        _withdraw(tie, now=now, by=by)
        return
    _check_allowed(allowed)
    with database.writing():
        anew = agreed_now_if_sealed(tie, now=now)
        agreed = (FamilyTie.id == tie.id) & FamilyTie.agreed_at.is_null(False)
        changed = FamilyTie.update(permissions(allowed) | anew).where(agreed)
        if allows(tie) != set(allowed) and changed.execute():
            record("family.changed", tie, by=by, now=now, fields=sorted(allowed))


def agreed_now_if_sealed(tie: FamilyTie, *, now: datetime) -> dict[str, datetime]:
    """Return the new ``agreed_at`` of a tie while records of the child are sealed, so that their opening asks about it;
    else {}.
    """
    is_sealed = tie.child_id is not None and seals.is_sealed(Patron.get_by_id(tie.child_id))
    return {"agreed_at": now} if is_sealed else {}


def _withdraw(tie: FamilyTie, *, now: datetime, by: str) -> None:
    asked = {"agreed_at": None, "asked_at": now, **permissions(())}
    with database.writing():
        if FamilyTie.update(asked).where(FamilyTie.id == tie.id, FamilyTie.agreed_at.is_null(False)).execute():
            record("family.ended", tie, by=by, now=now)


def allows(tie: FamilyTie) -> set[str]:
    """Return the rights that a tie gives (LOOK, RENEW, CARD); none before it is agreed to."""
    more = {name for name, column in COLUMNS.items() if getattr(tie, column)}
    return {LOOK} | more if tie.agreed_at else set()


def permissions(allowed: Collection[str]) -> dict[str, bool]:
    """Return the columns of a tie with these rights: column → True or False."""
    return {column: name in allowed for name, column in COLUMNS.items()}


def _check_allowed(allowed: Collection[str]) -> None:
    if not set(allowed) <= {LOOK, *COLUMNS}:
        raise errors.ChoiceUnknown()
    if LOOK not in allowed:
        raise errors.FamilyLookMissing()


def _forget_others(viewer: Patron | int, child: Patron | int | None, number: str, but: int = 0) -> None:
    """Delete other ties between the two: requests by another number of the same card, or declined ones."""
    between = (FamilyTie.child == child) | (FamilyTie.number == number)
    FamilyTie.delete().where(FamilyTie.viewer == viewer, between, FamilyTie.id != but).execute()


def end(tie: FamilyTie, patron: Patron, *, now: datetime) -> None:
    """End a tie, from either side. A child who was only asked declines, and the viewer is not told."""
    with database.writing():
        if tie.agreed_at is None and tie.child_id == patron.id:
            FamilyTie.update(child=None).where(FamilyTie.id == tie.id, open_request_to(patron)).execute()
        elif FamilyTie.delete().where(FamilyTie.id == tie.id).execute() and tie.agreed_at:
            record("family.ended", tie, by="patron", now=now)


def set_badge(tie: FamilyTie, label: str, colour: int) -> None:
    """Set the letter and colour of a child's badge on the viewer's pages. Raises: RefusedTogether by
    label and colour.
    """
    label = "".join(label.split())
    refused = {
        "label": [] if len(label) <= 1 else [errors.FamilyLabelTooLong()],
        "colour": [] if colour in range(COLOURS) else [errors.ChoiceUnknown()],
    }
    if any(refused.values()):
        raise errors.RefusedTogether({name: found for name, found in refused.items() if found})
    with database.writing():
        FamilyTie.update(label=label, colour=colour).where(FamilyTie.id == tie.id).execute()


def badge_letter(tie: FamilyTie, name: str) -> str:
    """Return the letter of a child's badge: the viewer's choice, else the first of the given name."""
    return tie.label or (name.split() or ["？"])[-1][0]


def close_card(patron: Patron) -> None:
    """End the ties of a closed card, in the caller's transaction; requests for it stay unanswered."""
    FamilyTie.update(child=None).where(open_request_to(patron)).execute()
    FamilyTie.delete().where(of_either(patron)).execute()


# -- at the desk -----------------------------------------------------------------------------------------------------
def may_hide(child: Patron, *, today: date) -> bool:
    """Tell whether a child is old enough to hide titles. A 団体 has no birth date and may not."""
    age = policy.get("family_self_age")
    return child.birth_date is not None and dates.birthday(child.birth_date, age) <= today


def consent_refusals(child: Patron) -> list:
    """Return the refusals of recording consent to look at this card at the desk: the card is closed, or its patron ever
    chose a password.

    Neither a password that the desk issues nor a birth date or age that it sets lets the desk consent.
    """
    if child.state == "closed":
        return [errors.CardClosed()]
    return [errors.FamilyAnswersThemselves()] if child.has_chosen_password else []


def require_consent_at_desk(child: Patron) -> None:
    """Refuse where the desk can't consent for a child. Raises: Refusals."""
    if reasons := consent_refusals(child):
        raise errors.Refusals(reasons)


def write_consent(child: Patron, text: str, allowed: Collection[str] = (LOOK,), *, by: str, now: datetime) -> None:
    """Record that both agreed at the desk: the patron with the typed number becomes a viewer of the child's card, with
    the rights in ``allowed``.

    Titles are hidden from the start where the child is old enough to hide them or hid them before, as only the child
    may show them. Raises: Refusals; FamilyLookMissing.
    """
    _check_allowed(allowed)
    today = clock.day_of(now)
    with database.writing():
        child, viewer = Patron.get_by_id(child.id), cards.by_number(text, at_desk=True)
        reasons = consent_refusals(child) or _viewer_refusals(viewer, child, text)
        if reasons or viewer is None:
            raise errors.Refusals(reasons)
        _forget_others(viewer, child, child.card_number)
        hidden = may_hide(child, today=today) or _hid_titles(child)
        drawn = {"colour": _free_colour(viewer), "titles_hidden": hidden, **permissions(allowed)}
        tie = FamilyTie.create(
            viewer=viewer, number=child.card_number, child=child, asked_at=now, agreed_at=now, **drawn
        )
        if hidden:
            addresses.hide_titles(child.id, viewer.id)
        record("family.agreed", tie, by=by, now=now, fields=sorted(allowed))


def _hid_titles(child: Patron) -> bool:
    """Tell whether titles were hidden last on any tie of a child, as far back as 操作の記録 goes."""
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
    there = FamilyTie.select().where(agreed_with(viewer), FamilyTie.child == child).exists()
    return [errors.FamilyThere()] if there else []


def end_agreed(tie: FamilyTie, *, by: str, now: datetime) -> None:
    """End a tie at the desk, at the wish of either."""
    with database.writing():
        if FamilyTie.delete().where(FamilyTie.id == tie.id).execute():
            record("family.ended", tie, by=by, now=now)


# -- written down and told -------------------------------------------------------------------------------------------
_TOLD = {"family.agreed": "family_agreed", "family.ended": "family_ended", "family.stays": "family_stays"}


def record(action: str, tie: FamilyTie, *, by: str, now: datetime, **details: object) -> None:
    """Record an act on a tie in one audit row for each of the two, which does not name the other, and mail both.

    Several acts at one moment are one mail.
    """
    what = _TOLD.get(action, "family_changed")
    viewer, child = tie.viewer, Patron.get_by_id(tie.child_id)
    for patron, other in ((viewer, child), (child, viewer)):
        cause = audit.record(action, actor=by, now=now, patron=patron.id, **details)
        facts = {"what": what, "other": other.name, "at": now.isoformat()}
        for row in patrons.addresses(patron):
            subject = f"{what}:{tie.id}:{patron.id}:{now.isoformat()}"
            patrons.mail(row, "security", subject, facts=facts, cause=cause, now=now)
