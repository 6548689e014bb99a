"""Fields and forms of several pages of the desk: a branch, a copy."""

from typing import Any

from flask import abort, request
from flask_login import current_user

from library import wording
from library.lending import copies
from models import Branch
from web import forms
from web.desk import counter
from web.parts import stored_policy

EVERY, ALL = ("all", "すべての館"), ("", "全館")


class BranchField(forms.Choice):
    """A choice of a branch. ``before``: (value, label) of choices above the branches."""

    def __init__(self, label: str, before: tuple[tuple[str, str], ...] = (), **kwargs: Any) -> None:
        super().__init__(label, [*before, *((row.id, row.name) for row in stored_policy.branches_in_order())], **kwargs)

    def branch(self) -> Branch | None:
        """Return the chosen branch; None for another choice."""
        return next((row for row in stored_policy.branches_in_order() if self.data == str(row.id)), None)


class CopyForm(forms.Form):
    """The form of a copy, on its own page and on its title's."""

    barcode = forms.Text("資料番号", maximum=100)
    branch = BranchField("所蔵館")
    shelf = forms.Text("場所", maximum=copies.LONGEST)
    call_number = forms.Text("請求記号", maximum=copies.LONGEST)
    material_type = forms.Choice("資料区分")
    acquired_on = forms.Text("受入日", maximum=40)
    acquired_how = forms.Choice("受入区分", [("", "記録なし"), *((word, word) for word in wording.ACQUISITIONS)])
    price = forms.Text("価格", maximum=20)
    supplier = forms.Text("受入先", maximum=copies.LONGEST_NOTE)
    budget_word = forms.Text("費目", maximum=copies.LONGEST_NOTE)
    note = forms.Text("資料メモ", maximum=copies.LONGEST_NOTE)

    def __init__(self, *args: Any, also: str = "", **kwargs: Any) -> None:
        """``also``: a 資料区分 to be offered although the library has given it up."""
        super().__init__(*args, **kwargs)
        kinds = dict.fromkeys(filter(None, [*stored_policy.read().get("material_types"), also]))
        self.material_type.offer([("", "書誌と同じ"), *((word, word) for word in kinds)])


# -- whose figures are shown: 管理 chooses a branch or all, 窓口 sees that of the desk -----------------------------------
def chosen_branch() -> int | None:
    """Return the id of the branch in the address (``branch``), None for all; 404 for one that there isn't."""
    if current_user.staff.role != "admin":
        here = counter.branch()
        return here.id if here else 0
    asked = request.values.get("branch", "")
    if asked and asked not in {str(row.id) for row in stored_policy.branches_in_order()}:
        abort(404)
    return forms.number(asked)


def branch_menu(branch: int | None, *, is_any: bool = True) -> forms.FieldView:
    """Return the field of the choice; for 窓口 it has no other. ``is_any``: with 全館."""
    is_free = current_user.staff.role == "admin"
    every = [(str(row.id), row.name) for row in stored_policy.branches_in_order() if is_free or row.id == branch]
    before = [ALL] if is_free and is_any else []
    return forms.FieldView("choice", "branch", "館", "" if branch is None else str(branch), (*before, *every))
