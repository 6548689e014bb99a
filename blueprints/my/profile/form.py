"""The form of the edit step."""

from functools import cache
from typing import Any

from library import addresses, wording
from library.patrons import profile
from models import Patron
from web import forms
from web.parts import stored_policy

PASSWORDS = ("current_password", "new_password", "new_password_again")
SWITCH = [("on", "配信"), ("off", "停止")]


class ProfileForm(forms.Form):
    current_password = forms.Secret("現パスワード")
    new_password = forms.Secret("新パスワード")
    new_password_again = forms.Secret("確認パスワード")
    email1 = forms.Text("E-mail1", fold=addresses.fold)
    email1_kind = forms.Choice("E-mail1の種別", wording.ADDRESS_KINDS.items())
    email2 = forms.Text("E-mail2", fold=addresses.fold)
    email2_kind = forms.Choice("E-mail2の種別", wording.ADDRESS_KINDS.items())
    registration_pc = forms.Tick("自PC")
    registration_mobile = forms.Tick("携帯")
    registration_active = forms.Radio("配信状態", SWITCH)
    hold_pc = forms.Tick("自PC")
    hold_mobile = forms.Tick("携帯")
    sdi_pc = forms.Tick("自PC")
    sdi_mobile = forms.Tick("携帯")
    due_pc = forms.Tick("自PC")
    due_mobile = forms.Tick("携帯")
    due_active = forms.Radio("配信状態", SWITCH)
    due_days = forms.Choice("通知する日", [(day, wording.days_before(day)) for day in range(8)])
    pickup_branch = forms.Choice("予約受取館")
    contact_method = forms.Choice("予約連絡方法", wording.CONTACT_METHODS.items())
    contact_phone = forms.Choice("電話連絡先", wording.CONTACT_PHONES.items())
    keep_history = forms.Tick("残す")

    def __init__(self, patron: Patron | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pickup_branch.offer(_branches(patron))

    def values(self, names: set[str] | None = None) -> dict:
        """Return the choices by the keys of the rules; of ``names`` alone, if given. Only when nothing is refused on
        arrival.
        """
        values = {field.name: field.data for field in self if field.name in (names or ALL_KEYS)}
        for name in values.keys() & {"registration_active", "due_active"}:
            values[name] = values[name] == "on"
        for name in values.keys() & {"due_days", "pickup_branch"}:
            values[name] = int(values[name])
        for name in values.keys() & profile.ADDRESSES:
            if not values[name]:
                values[f"{name}_kind"] = profile.KIND_OF_NONE
        return values


def filled_fields(patron: Patron, values: dict) -> dict:
    """Return the fields as the page draws them, with stored values or those of a draft."""
    views = _empty() | {name: _empty()[name]._replace(value=_as_sent(name, value)) for name, value in values.items()}
    return views | {"pickup_branch": views["pickup_branch"]._replace(offered=_branches(patron))}


@cache
def _empty() -> dict:
    return forms.Form.views(ProfileForm(None, formdata=None))


def _as_sent(name: str, value: str | bool | int) -> str | bool | int:
    if name.endswith("_active"):
        return "on" if value else "off"
    return str(value) if name in ("due_days", "pickup_branch") else value


def _branches(patron: Patron | None) -> tuple[tuple[str, str], ...]:
    offered = profile.pickup_branches(patron, stored_policy.branches_in_order())
    return tuple((str(branch.id), branch.name) for branch in offered)


def _checked(group: str) -> set[str]:
    """Return the keys of a group, of those that depend on it, and of what all of them are judged by."""
    groups = {group, *profile.groups_depending_on(group)}
    needed = groups.union(*(profile.DEPENDS_ON.get(each, ()) for each in groups))
    return {key for each in needed for key in profile.GROUPS[each]}


ALL_KEYS = {key for keys in profile.GROUPS.values() for key in keys}
# group → the fields that a check while typing sends, and no other: all that its messages need
CHECKED = {group: _checked(group) for group in profile.GROUPS} | {
    "current_password": {"current_password", "new_password"},
    "new_password": {"new_password", "new_password_again"},
    "new_password_again": {"new_password", "new_password_again"},
}
GROUP_OF = {key: group for group, keys in profile.GROUPS.items() for key in keys} | {name: name for name in PASSWORDS}
