"""貸出ルール: how the library lends, by category of patrons and material type, and what holds for all of it."""

from flask import Blueprint, abort, redirect, request, url_for
from flask_login import current_user

from library import dates, errors, policy, wording
from library.site import rulebook
from web import access, flash, forms, htmx
from web.desk import again, arrivals, counter

bp = Blueprint("policies", __name__)

OF_CATEGORIES = ("cart_limit",)  # columns that a row of one material type has no use for
PAGE = "desk.policies.index"


class SwitchesForm(forms.Form):
    renew_gain_days = forms.Text("まとめて延長する日数", maximum=10)
    undo_minutes = forms.Text("元に戻せる分数", maximum=10)
    family_self_age = forms.Text("書名を見せるか自分で選べる年齢", maximum=10)
    overdue_stops = forms.Radio("延滞があるとき", (("y", "貸出・予約・延長を止める"), ("n", "止めない")))
    overdue_stages = forms.Text("督促", maximum=40)
    holds_on_shelf = forms.Radio("在架予約", (("y", "書架にある資料も予約できる"), ("n", "できない")))
    suggestions = forms.Radio("検索候補", (("y", "検索語を打つあいだに出す"), ("n", "出さない")))
    holidays_shift = forms.Radio(
        "祝日と重なる休館日", (("y", "開館し、次の平日を休館にする"), ("n", "そのまま休館にする"))
    )
    card_years = forms.Text("カードの有効年数", maximum=10)
    first_password_mode = forms.Radio(
        "はじめのパスワード", (("birthday", "生年月日の月日4桁"), ("code", "窓口で渡す1回限りのコード"))
    )
    first_password_days = forms.Text("月日の4桁で入れる日数", maximum=10)
    first_code_days = forms.Text("コードで入れる日数", maximum=10)
    password_minimum = forms.Text("パスワードの長さ", maximum=10)
    staff_second_factor = forms.Radio("窓口の職員の2段階認証", (("y", "必要にする"), ("n", "職員が選ぶ")))
    sdi_day = forms.Choice("送る曜日", [(day, f"{day}曜日") for day in dates.WEEKDAYS])
    sdi_hour = forms.Text("送りはじめる時刻", maximum=10)
    reference_days = forms.Text("質問を残す日数", maximum=10)
    terminals = forms.Lines("館内端末のアドレス", maximum=2000)
    desk_networks = forms.Lines("窓口のパソコンのアドレス", maximum=2000)
    address = forms.Text("所在地")
    phone = forms.Text("電話番号", maximum=40)
    categories = forms.Lines("利用者の区分", maximum=1000)
    group_categories = forms.Lines("団体の区分", maximum=1000)
    residence_outside = forms.Text("市の外の方の呼び方", maximum=20)
    postcard_titles = forms.Radio("督促のはがきの書名", (("n", "点数だけを書く"), ("y", "書名も書く")))
    material_types = forms.Lines("資料区分", maximum=2000)


class LendingForm(forms.Form):
    """One row. ``category`` and ``material_type`` say which; both empty: the default row."""

    category = forms.Choice("利用者の区分")
    material_type = forms.Choice("資料区分")
    lendable = forms.Choice("貸出")
    holdable = forms.Choice("予約")
    loan_limit = forms.Text("貸出点数", maximum=10)
    loan_days = forms.Text("貸出日数", maximum=10)
    renewals = forms.Text("延長の回数", maximum=10)
    hold_limit = forms.Text("予約点数", maximum=10)
    cart_limit = forms.Text("予約かごの点数", maximum=10)
    shelf_days = forms.Text("取り置きの開館日数", maximum=10)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.category.offer([("", wording.ALL), *((word, word) for word in policy.get("categories"))])
        self.material_type.offer([("", wording.ALL), *((word, word) for word in policy.get("material_types"))])
        silent = [] if self.is_default else [("", "ほかの貸出ルールのとおり")]
        for field in (self.lendable, self.holdable):
            field.offer([*silent, ("y", wording.POSSIBLE[True]), ("n", wording.POSSIBLE[False])])

    @property
    def is_default(self):
        return not self.category.data and not self.material_type.data

    def columns(self):
        return {name: self[name].data or "" for name in policy.LENDING}


# -- the library -----------------------------------------------------------------------------------------------------
@bp.get("")
@access.staff_required(role="admin")
def index():
    return _page(SwitchesForm(formdata=None, **_typed(policy.several(*rulebook.SWITCHES))))


def _typed(values):
    """Return settings as they stand in a form."""
    return {name: _as_typed(name, value) for name, value in values.items()}


def _as_typed(name, value):
    if isinstance(value, bool):
        return "y" if value else "n"
    if isinstance(value, list):
        return ("、" if name == "overdue_stages" else "\n").join(map(str, value))
    return "" if value is None else str(value)


def _page(form):
    return form.page(
        "desk/policies/index.html",
        messages=flash.take(PAGE),
        rows=[_row("", ""), *(_row(row.category, row.material_type) for row in policy.read().rows())],
        new=LendingForm(formdata=None, category="", material_type="").faces(),
        by_birthday=policy.get("first_password_mode") == "birthday",
    )


def _row(category, material_type):
    return {
        "name": rulebook.row_name(category, material_type),
        "rules": [
            f"{wording.FIELDS[name]} {wording.rule(name, value)}"
            for name, value in rulebook.lending_row(category, material_type).items()
            if value is not None
        ],
        "url": url_for("desk.policies.lending", category=category, material_type=material_type),
        "category": category,
        "material_type": material_type,
        "removable": bool(category or material_type),
    }


def _changes_sign_in():
    """Tell if a form would change how people sign in."""
    typed, stored = SwitchesForm().typed(), _typed(policy.several(*rulebook.SIGN_IN))
    return any(typed[name].strip() != value for name, value in stored.items())


@bp.post("")
@access.staff_required(role="admin")
@again.required("sign_in_settings", when=_changes_sign_in)
def change():
    form = SwitchesForm()
    form.submit(lambda: rulebook.change(rulebook.read_switches(form.typed()), **counter.acting()))
    return _page(form) if form.problems else _back("saved")


@bp.post("/network")
@access.staff_required(role="admin")
@again.required("sign_in_settings")
def register_network():
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


def _back(done, name=""):
    return flash.leave(PAGE, done=done, name=name)


# -- lending ---------------------------------------------------------------------------------------------------------
@bp.get("/lending")
@access.staff_required(role="admin")
def lending():
    """Show one row, as it is or as it could be; 404 for a category or type that does not exist."""
    category, material_type = request.args.get("category", ""), request.args.get("material_type", "")
    rules = _typed(rulebook.lending_row(category, material_type))
    form = LendingForm(formdata=None, category=category, material_type=material_type, **rules)
    if any((field.data or "") not in dict(field.offered) for field in (form.category, form.material_type)):
        abort(404)
    return _lending_page(form)


def _lending_page(form):
    category, material_type = form.category.data, form.material_type.data
    otherwise = policy.lending(category, material_type, own=False)
    return form.page(
        "desk/policies/lending.html",
        names=[name for name in policy.LENDING if not (material_type and name in OF_CATEGORIES)],
        name=rulebook.row_name(category, material_type),
        is_default=form.is_default,
        limits={} if not form.is_default else rulebook.LIMITS,
        otherwise={
            name: (f"{wording.FIELDS[name]} " if name in wording.RULE_UNITS else "")
            + wording.rule(name, otherwise[name])
            for name in policy.LENDING
        },
        counted=list(wording.RULE_UNITS),
    )


@bp.post("/lending")
@access.staff_required(role="admin")
def change_lending():
    form = LendingForm()
    form.submit(lambda: _change_lending(form), without=OF_CATEGORIES if form.material_type.data else ())
    if form.problems.keys() & {"category", "material_type"}:
        abort(422)
    return (
        _lending_page(form)
        if form.problems
        else _back("lending_saved", rulebook.row_name(form.category.data, form.material_type.data))
    )


def _change_lending(form):
    columns = rulebook.read_lending(form.columns(), default=form.is_default)
    rulebook.change_lending(form.category.data, form.material_type.data, columns, **counter.acting())


@bp.get("/lending/remove")
@access.staff_required(role="admin")
def ask_lending_removal():
    """Show what a row rules, before it is emptied; one that rules nothing leads back."""
    category, material_type = request.args.get("category", ""), request.args.get("material_type", "")
    row = _row(category, material_type)
    if not row["removable"] or not row["rules"]:
        return redirect(url_for(PAGE), 303)
    return htmx.page("desk/policies/removal.html", **row)


@bp.post("/lending/remove")
@access.staff_required(role="admin")
def remove_lending():
    """Empty the row of a category or type; the default row stays."""
    category, material_type = request.form.get("category", ""), request.form.get("material_type", "")
    if not category and not material_type:
        abort(422)
    rulebook.change_lending(category, material_type, dict.fromkeys(policy.LENDING), **counter.acting())
    return _back("lending_removed", rulebook.row_name(category, material_type))
