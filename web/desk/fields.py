"""Fields and forms of several pages of the desk: a branch, a copy."""

from typing import Any

from library.lending import copies
from models import Branch
from web import forms
from web.parts import stored_policy

EVERY = ("all", "すべての館")


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
    note = forms.Text("資料メモ", maximum=copies.LONGEST_NOTE)

    def __init__(self, *args: Any, also: str = "", **kwargs: Any) -> None:
        """``also``: a 資料区分 to be offered although the library has given it up."""
        super().__init__(*args, **kwargs)
        kinds = dict.fromkeys(filter(None, [*stored_policy.read().get("material_types"), also]))
        self.material_type.offer([("", "書誌と同じ"), *((word, word) for word in kinds)])
