"""運用ルール: today's rules in words, a page for each group of settings, and what differs by category and material type."""

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
GROUPS = {group.name: group for group in policy_settings.GROUPS}


class RulesForm(forms.Form):
    """A field for each setting, made below from ``policy_settings``; a page has those of its group."""


class LendingForm(forms.Form):
    """The differences for a ``category``, a ``material_type`` or both."""

    category = forms.Choice("利用者の区分")
    material_type = forms.Choice("資料区分")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category.offer([("", wording.ALL), *((word, word) for word in policy.get("categories"))])
        self.material_type.offer([("", wording.ALL), *((word, word) for word in policy.get("material_types"))])
        for setting in policy_settings.LENDING:
            if setting.choices:
                getattr(self, setting.name).offer([("", "ほかと同じ"), *setting.choices])

    @property
    def of_nobody(self) -> bool:
        return not self.category.data and not self.material_type.data

    def columns(self) -> dict:
        return {name: self[name].data or "" for name in policy.LENDING}


def _field(setting: policy_settings.Declared) -> forms.Field:
    if setting.choices:
        return (forms.Choice if setting.drops_down else forms.Radio)(setting.label, setting.choices)
    return (forms.Lines if setting.rows else forms.Text)(setting.label, maximum=setting.maximum)


for _form, _settings in ((RulesForm, policy_settings.ON_PAGES), (LendingForm, policy_settings.LENDING)):
    for _setting in _settings:
        setattr(_form, _setting.name, _field(_setting))


# -- today's rules ---------------------------------------------------------------------------------------------------
@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    messages = flash.take(PAGE)
    row = messages.get("row", ("", ""))
    return htmx.page(
        "desk/policies/index.html",
        messages=messages | {"changes": _now(messages.get("changed", ())), "words": rulebook.phrases(*row)},
        rules=[
            {"heading": group.heading, "words": words, "cares": cares, "url": _address(group.name)}
            for group, words, cares in rulebook.in_words(policy.read())
        ],
    )


def _address(group: str) -> str:
    return url_for("desk.policies.show", group=group)


def _now(names: Iterable[str]) -> str:
    """Return settings that were just changed, each with its value."""
    changed = [policy_settings.ALL[name] for name in names]
    values = policy.several(*(setting.name for setting in changed))
    return "、".join(f"{setting.label}：{setting.words(values[setting.name])}" for setting in changed)


# -- the settings of a group -----------------------------------------------------------------------------------------
@bp.get("/<group>")
@access.staff_required(role="admin")
def show(group: str) -> access.Reply:
    if group not in GROUPS:
        abort(404)
    return _page(group, RulesForm(formdata=None, **_typed(GROUPS[group].settings)))


def _typed(settings: Iterable[policy_settings.Declared]) -> dict[str, str]:
    """Return settings as they stand in a form."""
    values = policy.several(*(setting.name for setting in settings))
    return {setting.name: setting.typed(values[setting.name]) for setting in settings}


def _page(group: str, form: RulesForm) -> access.Reply:
    shown, rules = GROUPS[group], policy.read()
    of_lending = [setting for setting in shown.settings if setting.name in policy.LENDING]
    return form.page(
        "desk/policies/group.html",
        group=shown,
        has_differences=bool(of_lending),
        differences=[
            {"name": rulebook.row_name(*row), "words": words, "url": _row_address(*row)}
            for *row, words in rulebook.differences(rules, of_lending)
        ],
        asks_for_code=group == "cards" and rules.get("first_password_mode") == "birthday",
    )


def _asked(group: str) -> list[policy_settings.Declared]:
    """Return the settings of a page; without one, those that arrived."""
    if group and group not in GROUPS:
        abort(404)
    every = GROUPS[group].settings if group else policy_settings.ON_PAGES
    return [setting for setting in every if group or setting.name in request.form]


def _changes_sign_in(group: str) -> bool:
    """Tell if a form would change how people sign in."""
    typed = RulesForm().typed()
    stored = _typed([setting for setting in _asked(group) if setting.for_sign_in])
    return any(typed[name].strip() != value for name, value in stored.items())


@bp.post("", defaults={"group": ""})
@bp.post("/<group>")
@access.staff_required(role="admin")
@again.required("sign_in_settings", when=_changes_sign_in)
def change(group: str) -> access.Reply:
    form, asked = RulesForm(), _asked(group)
    names = {setting.name for setting in asked}
    changed = form.submit(
        lambda: rulebook.change(rulebook.read(form.typed(), asked), **counter.acting()),
        without=tuple(name for name in form.data if name not in names),
    )
    if form.problems:
        return _page(group or _group_of(form.problems), form)
    return flash.leave(PAGE, done="saved" if changed else "same", changed=changed)


def _group_of(problems: forms.Problems) -> str:
    """Return the group of the first refused setting."""
    return next(name for name, group in GROUPS.items() if any(setting.name in problems for setting in group.settings))


@bp.post("/network")
@access.staff_required(role="admin")
@again.required("sign_in_settings")
def register_network() -> access.Reply:
    """このネットワークを窓口として登録する: while none is, and where it is still the one that was shown."""
    if policy.get("desk_networks"):
        return flash.leave(PAGE, done="network_there")
    network = arrivals.network_to_register(current_user.staff)
    if not network:
        return flash.leave(PAGE, refused=[errors.NetworkNotOfDesk()])
    if network != request.form.get("network"):
        return flash.leave(PAGE, refused=[errors.NetworkChanged()], network=network)
    rulebook.change({"desk_networks": [network]}, **counter.acting())
    return flash.leave(PAGE, done="network")


# -- what differs ----------------------------------------------------------------------------------------------------
@bp.get("/lending")
@access.staff_required(role="admin")
def lending() -> access.Reply:
    """Ask for whom and for what a rule differs; show the differences of those that are named. 404 for a category or
    type that does not exist.
    """
    category, material_type = _named(request.args)
    stored = rulebook.lending_row(category, material_type)
    rules = {setting.name: setting.typed(stored[setting.name]) for setting in policy_settings.LENDING}
    form = LendingForm(formdata=None, category=category, material_type=material_type, **rules)
    if any((field.data or "") not in dict(field.offered) for field in (form.category, form.material_type)):
        abort(404)
    if form.of_nobody and request.args:
        form.problems = {"category": [errors.DifferenceOfNobody()]}
    return _lending_page(form)


def _named(sent: Any) -> tuple[str, str]:
    return sent.get("category", ""), sent.get("material_type", "")


def _row_address(category: str, material_type: str) -> str:
    return url_for("desk.policies.lending", category=category, material_type=material_type)


def _lending_page(form: LendingForm) -> access.Reply:
    if form.of_nobody:
        return form.page("desk/policies/new.html")
    category, material_type = form.category.data, form.material_type.data
    hidden = OF_CATEGORIES if material_type else ()
    otherwise = policy.lending(category, material_type, own=False)
    return form.page(
        "desk/policies/lending.html",
        settings=[setting for setting in policy_settings.LENDING if setting.name not in hidden],
        name=rulebook.row_name(category, material_type),
        otherwise={setting.name: setting.words(otherwise[setting.name]) for setting in policy_settings.LENDING},
        differs=bool(rulebook.phrases(category, material_type)),
    )


@bp.post("/lending")
@access.staff_required(role="admin")
def change_lending() -> access.Reply:
    form = LendingForm()
    if form.of_nobody:
        form.problems = {"category": [errors.DifferenceOfNobody()]}
    form.submit(lambda: _change_lending(form), without=OF_CATEGORIES if form.material_type.data else ())
    if not form.of_nobody and form.problems.keys() & {"category", "material_type"}:
        abort(422)
    if form.problems:
        return _lending_page(form)
    row = form.category.data, form.material_type.data
    done = "differs" if rulebook.phrases(*row) else "alike"
    return flash.leave(PAGE, done=done, name=rulebook.row_name(*row), row=row)


def _change_lending(form: LendingForm) -> None:
    columns = rulebook.read_lending(form.columns())
    rulebook.change_lending(form.category.data, form.material_type.data, columns, **counter.acting())


@bp.get("/lending/remove")
@access.staff_required(role="admin")
def ask_lending_removal() -> access.Reply:
    """Show what a row rules, before it is emptied; one that rules nothing leads back."""
    category, material_type = _named(request.args)
    words = rulebook.phrases(category, material_type)
    if not words:
        return redirect(url_for(PAGE), 303)
    return htmx.page(
        "desk/policies/removal.html",
        name=rulebook.row_name(category, material_type),
        words=words,
        category=category,
        material_type=material_type,
    )


@bp.post("/lending/remove")
@access.staff_required(role="admin")
def remove_lending() -> access.Reply:
    """Empty the row of a category or type."""
    category, material_type = _named(request.form)
    if not category and not material_type:
        abort(422)
    rulebook.change_lending(category, material_type, dict.fromkeys(policy.LENDING), **counter.acting())
    return flash.leave(PAGE, done="alike", name=rulebook.row_name(category, material_type))
