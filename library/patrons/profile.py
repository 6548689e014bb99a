"""利用者情報: the choices of a patron, and their rules.

Values are a flat dict with the keys of the edit form; ``GROUPS`` has the keys of each row of the screens.
"""

from typing import Any

from library import addresses, branches, errors, wording
from library.language.sentences import Sentence
from library.patrons import homes, patrons
from models import Branch, Patron

GROUPS = {
    "email1": ("email1", "email1_kind"),
    "email2": ("email2", "email2_kind"),
    "registration": ("registration_pc", "registration_mobile", "registration_active"),
    "hold": ("hold_pc", "hold_mobile"),
    "sdi": ("sdi_pc", "sdi_mobile"),
    "due": ("due_pc", "due_mobile", "due_active", "due_days"),
    "pickup_branch": ("pickup_branch",),
    "contact_method": ("contact_method",),
    "contact_phone": ("contact_phone",),
    "keep_history": ("keep_history",),
}
ADDRESSES = ("email1", "email2")
ADDRESS_KIND_KEYS = ("email1_kind", "email2_kind")
WITH_MAIL = " and mail"  # in a Fix: 予約連絡方法 becomes メール, too
KIND_OF_NONE = "pc"  # shown beside a field without an address; a kind alone is no choice
DEPENDS_ON = {
    "email2": ("email1",),
    "registration": ADDRESSES,
    "hold": ADDRESSES,
    "sdi": ADDRESSES,
    "due": (*ADDRESSES, "contact_method"),
    "contact_method": ADDRESSES,
    "contact_phone": ("contact_method",),
}


def groups_depending_on(group: str) -> list[str]:
    """Return the groups whose refusals and warnings can change when this group does."""
    return [name for name, needed in DEPENDS_ON.items() if group in needed]


# -- what is stored --------------------------------------------------------------------------------------------------
def stored(patron: Patron) -> dict:
    """Return the patron's stored choices, by the keys of the edit form."""
    values: dict[str, Any] = dict.fromkeys(ADDRESSES, "") | {f"{name}_kind": KIND_OF_NONE for name in ADDRESSES}
    for row in patrons.addresses(patron):
        values |= {f"email{row.position}": row.address, f"email{row.position}_kind": row.kind}
    preferences = patrons.preferences(patron)
    for kind, wanted in preferences.items():
        values |= {f"{kind}_pc": wanted.to_pc, f"{kind}_mobile": wanted.to_mobile}
        if kind in ("registration", "due"):
            values[f"{kind}_active"] = wanted.active
    values["due_days"] = preferences["due"].days_before
    values["pickup_branch"] = default_pickup_branch(patron)
    for name in ("contact_method", "contact_phone", "keep_history"):
        values[name] = getattr(patron, name)
    return values


def default_pickup_branch(patron: Patron) -> int | None:
    """Return the chosen branch, else the branch of registration if it hands out holds, else the first that does, else
    None. Ids.
    """
    if patron.pickup_branch_id:
        return patron.pickup_branch_id
    offered = [branch.id for branch in pickup_branches()]
    return patron.branch_id if patron.branch_id in offered else next(iter(offered), None)


def pickup_branches(patron: Patron | None = None, listed: list[Branch] | None = None) -> list[Branch]:
    """Return the branches that hand out holds, in the library's order, and the patron's own choice even if it no longer
    does. ``listed``: all branches in order, if already read.
    """
    own = patron.pickup_branch_id if patron else None
    return [branch for branch in listed or branches.in_order() if branch.pickup or branch.id == own]


def changed_groups(old: dict, new: dict) -> list[str]:
    return [group for group, keys in GROUPS.items() if any(old[key] != new[key] for key in keys)]


# -- rules -----------------------------------------------------------------------------------------------------------
def judge(patron: Patron, old: dict, new: dict) -> tuple[dict, dict]:
    """Return (refusals, warnings) by group. Only groups that changed, or depend on a change, are refused; the others
    are warned of.
    """
    changed = set(changed_groups(old, new))
    problems, warnings = {}, {}
    for group, found in _violations(patron, new).items():
        if group in changed or changed & set(DEPENDS_ON.get(group, ())):
            problems[group] = found
        else:
            warnings[group] = found
    unreached = {row.address for row in patrons.addresses(patron) if row.undeliverable_at}
    for name in ADDRESSES:
        if name in problems or not new[name] or not addresses.is_valid(new[name]):
            continue
        found = [_address_warning(name, new[name], unreached), _kind_warning(name, new) if name in changed else None]
        if found := [warning for warning in found if warning]:
            warnings.setdefault(name, []).extend(found)
    return problems, warnings


def _violations(patron: Patron, values: dict) -> dict[str, list[errors.Refused]]:
    found = {}
    for name in ADDRESSES:
        if values[name] and not addresses.is_valid(values[name]):
            found[name] = [errors.AddressMalformed()]
    if values["email1"] and values["email1"].casefold() == values["email2"].casefold():
        found.setdefault("email2", []).append(errors.AddressTwice())
    for kind in patrons.MAIL_KINDS:
        if problems := _delivery_problems(kind, values):
            found[kind] = problems
    if values["contact_method"] == "mail" and not (values["email1"] or values["email2"]):
        found["contact_method"] = [errors.MailNeedsAddress()]
    phone = values["contact_phone"]
    if values["contact_method"] == "phone" and not getattr(patron, f"phone_{phone}"):
        found["contact_phone"] = [errors.PhoneNotOnFile(phone_word=wording.CONTACT_PHONES[phone])]
    if values["keep_history"] and homes.is_group(patron.category):
        found["keep_history"] = [errors.GroupKeepsNoHistory()]
    if not any(branch.id == values["pickup_branch"] for branch in pickup_branches()):
        found["pickup_branch"] = [errors.BranchHandsOutNoHolds()]
    return found


def _delivery_problems(kind: str, values: dict) -> list[errors.Refused]:
    problems: list[errors.Refused] = []
    there = {values[f"{name}_kind"] for name in ADDRESSES if values[name]}
    for address_kind, label in wording.ADDRESS_KINDS.items():
        if values[f"{kind}_{address_kind}"] and address_kind not in there:
            problems.append(errors.NoAddressOfKind(kind_word=label))
    active = values.get(f"{kind}_active", False)
    if active and not (values[f"{kind}_pc"] or values[f"{kind}_mobile"]):
        problems.append(errors.NoKindTicked())
    needs_mail = kind == "due" and active and values["contact_method"] != "mail"
    if problems and len(there) == 1:
        problems[0].fix = _send_to(kind, *there, needs_mail=needs_mail)
    if needs_mail:
        problems.append(errors.DueNoticeNeedsMail())
    return problems


def _send_to(kind: str, address_kind: str, *, needs_mail: bool) -> errors.Fix:
    word = wording.ADDRESS_KINDS[address_kind]
    if needs_mail:
        label = Sentence("「{kind_word}」に送り、予約連絡方法を「メール」にする", kind_word=word)
        return errors.Fix(kind, f"{address_kind}{WITH_MAIL}", label)
    return errors.Fix(kind, address_kind, Sentence("「{kind_word}」に送る", kind_word=word))


def _kind_warning(name: str, values: dict) -> errors.Refused | None:
    """Return the warning of a carrier's address with the kind 自PC, which gets the long mails; else None."""
    domain = addresses.carrier(values[name])
    if domain is None or values[f"{name}_kind"] == "mobile":
        return None
    warning = errors.AddressOfCarrier(domain=domain)
    warning.fix = errors.Fix(
        f"{name}_kind", "mobile", Sentence("{field_word}を「携帯」にする", field_word=wording.field_word(name))
    )
    return warning


def _address_warning(name: str, address: str, unreached: set[str]) -> errors.Refused | None:
    if address in unreached:
        return errors.AddressUndeliverable()
    if better := addresses.suggestion(address):
        wrong, right = address.rpartition("@")[2], better.rpartition("@")[2]
        warning = errors.AddressLooksMistyped(wrong=wrong, right=right)
        warning.fix = errors.Fix(name, better, Sentence("{address} に直す", address=better))
        return warning
    if addresses.needs_quoting(address):
        return errors.AddressOfOldForm()
    return None


# -- corrections -----------------------------------------------------------------------------------------------------
def corrections(field: str, to: str, values: dict) -> dict:
    """Return the values that one press of a Fix changes, by the keys of the edit form; {} where no rule offers that
    Fix.
    """
    address_kind, with_mail, _ = to.partition(WITH_MAIL)
    if field in ADDRESSES:
        return {field: addresses.fold(to[: addresses.MAXIMUM])}
    if field == "contact_method" and to in wording.CONTACT_METHODS:
        return {field: to}
    if field in patrons.MAIL_KINDS and address_kind in wording.ADDRESS_KINDS:
        ticks = {f"{field}_{kind}": kind == address_kind for kind in wording.ADDRESS_KINDS}
        return ticks | ({"contact_method": "mail"} if with_mail else {})
    if field in ADDRESS_KIND_KEYS and to in wording.ADDRESS_KINDS:
        return {field: to} | _ticks_that_follow(field, to, values)
    return {}


def _ticks_that_follow(field: str, to: str, values: dict) -> dict:
    """Return the ticks that move with an address to its new kind: all, unless another address is of the old kind."""
    former = values[field]
    others = {values[f"{name}_kind"] for name in ADDRESSES if values[name] and f"{name}_kind" != field}
    if former not in wording.ADDRESS_KINDS or former == to or former in others:
        return {}
    ticked = [kind for kind in patrons.MAIL_KINDS if values[f"{kind}_{former}"]]
    return {f"{kind}_{former}": False for kind in ticked} | {f"{kind}_{to}": True for kind in ticked}
