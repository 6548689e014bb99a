"""貸出ルール: how the library lends, by category of patrons and material type, and what holds for all of it."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask_login import current_user

from library import errors, policy, policy_settings, wording
from library.site import rulebook
from web import access, flash, forms, htmx
from web.desk import again, arrivals, counter

bp = Blueprint("policies", __name__)

OF_CATEGORIES = ("cart_limit",)  # columns that a row of one material type has no use for
PAGE = "desk.policies.index"


class SwitchesForm(forms.Form):
    """A field for each setting of the whole library, made below from ``policy_settings``."""


class LendingForm(forms.Form):
    """One row. ``category`` and ``material_type`` say which; both empty: the default row."""

    category = forms.Choice("利用者の区分")
    material_type = forms.Choice("資料区分")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category.offer([("", wording.ALL), *((word, word) for word in policy.get("categories"))])
        self.material_type.offer([("", wording.ALL), *((word, word) for word in policy.get("material_types"))])
        silent = [] if self.is_default else [("", "ほかの貸出ルールのとおり")]
        for name in ("lendable", "holdable"):
            getattr(self, name).offer([*silent, *policy_settings.POSSIBLE])

    @property
    def is_default(self) -> bool:
        return not self.category.data and not self.material_type.data

    def columns(self) -> dict:
        return {name: self[name].data or "" for name in policy.LENDING}


def _field(setting: policy_settings.Declared) -> forms.Field:
    if setting.choices:
        return (forms.Choice if setting.drops_down else forms.Radio)(setting.label, setting.choices)
    return (forms.Lines if setting.rows else forms.Text)(setting.label, maximum=setting.maximum)


for _form, _settings in ((SwitchesForm, policy_settings.OF_LIBRARY), (LendingForm, policy_settings.LENDING)):
    for _setting in _settings:
        setattr(_form, _setting.name, _field(_setting))


# -- the library -----------------------------------------------------------------------------------------------------
@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    return _page(SwitchesForm(formdata=None, **_typed(policy_settings.OF_LIBRARY)))


def _typed(settings: Iterable[policy_settings.Declared]) -> dict[str, str]:
    """Return settings as they stand in a form."""
    values = policy.several(*(setting.name for setting in settings))
    return {setting.name: setting.typed(values[setting.name]) for setting in settings}


def _page(form: SwitchesForm) -> access.Reply:
    return form.page(
        "desk/policies/index.html",
        messages=flash.take(PAGE),
        groups=policy_settings.GROUPS,
        rows=[_row("", ""), *(_row(row.category, row.material_type) for row in policy.read().rows())],
        new=LendingForm(formdata=None, category="", material_type="").views(),
        by_birthday=policy.get("first_password_mode") == "birthday",
    )


def _row(category: str, material_type: str) -> dict:
    rules = rulebook.lending_row(category, material_type)
    return {
        "name": rulebook.row_name(category, material_type),
        "rules": [
            f"{setting.label} {setting.words(rules[setting.name])}"
            for setting in policy_settings.LENDING
            if rules[setting.name] is not None
        ],
        "url": url_for("desk.policies.lending", category=category, material_type=material_type),
        "category": category,
        "material_type": material_type,
        "removable": bool(category or material_type),
    }


def _changes_sign_in() -> bool:
    """Tell if a form would change how people sign in."""
    typed = SwitchesForm().typed()
    stored = _typed([setting for setting in policy_settings.OF_LIBRARY if setting.for_sign_in])
    return any(typed[name].strip() != value for name, value in stored.items())


@bp.post("")
@access.staff_required(role="admin")
@again.required("sign_in_settings", when=_changes_sign_in)
def change() -> access.Reply:
    form = SwitchesForm()
    form.submit(lambda: rulebook.change(rulebook.read_switches(form.typed()), **counter.acting()))
    return _page(form) if form.problems else _back("saved")


@bp.post("/network")
@access.staff_required(role="admin")
@again.required("sign_in_settings")
def register_network() -> access.Reply:
    """このネットワークを窓口として登録する: while none is, and where it is still the one that was shown."""
    if policy.get("desk_networks"):
        return _back("network_there")
    network = arrivals.network_to_register(current_user.staff)
    if not network:
        return flash.leave(PAGE, refused=[errors.NetworkNotOfDesk()])
    if network != request.form.get("network"):
        return flash.leave(PAGE, refused=[errors.NetworkChanged()], network=network)
    rulebook.change({"desk_networks": [network]}, **counter.acting())
    return _back("network")


def _back(done: str, name: str = "") -> access.Reply:
    return flash.leave(PAGE, done=done, name=name)


# -- lending ---------------------------------------------------------------------------------------------------------
@bp.get("/lending")
@access.staff_required(role="admin")
def lending() -> access.Reply:
    """Show one row, as it is or as it could be; 404 for a category or type that does not exist."""
    category, material_type = request.args.get("category", ""), request.args.get("material_type", "")
    stored = rulebook.lending_row(category, material_type)
    rules = {setting.name: setting.typed(stored[setting.name]) for setting in policy_settings.LENDING}
    form = LendingForm(formdata=None, category=category, material_type=material_type, **rules)
    if any((field.data or "") not in dict(field.offered) for field in (form.category, form.material_type)):
        abort(404)
    return _lending_page(form)


def _lending_page(form: LendingForm) -> access.Reply:
    category, material_type = form.category.data, form.material_type.data
    hidden = OF_CATEGORIES if material_type else ()
    otherwise = policy.lending(category, material_type, own=False)
    return form.page(
        "desk/policies/lending.html",
        settings=[setting for setting in policy_settings.LENDING if setting.name not in hidden],
        name=rulebook.row_name(category, material_type),
        is_default=form.is_default,
        otherwise={setting.name: setting.words(otherwise[setting.name]) for setting in policy_settings.LENDING},
    )


@bp.post("/lending")
@access.staff_required(role="admin")
def change_lending() -> access.Reply:
    form = LendingForm()
    form.submit(lambda: _change_lending(form), without=OF_CATEGORIES if form.material_type.data else ())
    if form.problems.keys() & {"category", "material_type"}:
        abort(422)
    return (
        _lending_page(form)
        if form.problems
        else _back("lending_saved", rulebook.row_name(form.category.data, form.material_type.data))
    )


def _change_lending(form: LendingForm) -> None:
    columns = rulebook.read_lending(form.columns(), default=form.is_default)
    rulebook.change_lending(form.category.data, form.material_type.data, columns, **counter.acting())


@bp.get("/lending/remove")
@access.staff_required(role="admin")
def ask_lending_removal() -> access.Reply:
    """Show what a row rules, before it is emptied; one that rules nothing leads back."""
    category, material_type = request.args.get("category", ""), request.args.get("material_type", "")
    row = _row(category, material_type)
    if not row["removable"] or not row["rules"]:
        return redirect(url_for(PAGE), 303)
    return htmx.page("desk/policies/removal.html", **row)


@bp.post("/lending/remove")
@access.staff_required(role="admin")
def remove_lending() -> access.Reply:
    """Empty the row of a category or type; the default row stays."""
    category, material_type = request.form.get("category", ""), request.form.get("material_type", "")
    if not category and not material_type:
        abort(422)
    rulebook.change_lending(category, material_type, dict.fromkeys(policy.LENDING), **counter.acting())
    return _back("lending_removed", rulebook.row_name(category, material_type))
