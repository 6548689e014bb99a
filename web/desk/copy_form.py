"""The form of one copy, on the page of its title and on its own."""

from typing import Any

from library import policy
from library.lending import copies
from web import forms
from web.desk.branch_field import BranchField


class CopyForm(forms.Form):
    barcode = forms.Text("資料番号", maximum=100)
    branch = BranchField("所蔵館")
    shelf = forms.Text("場所", maximum=copies.LONGEST)
    call_number = forms.Text("請求記号", maximum=copies.LONGEST)
    material_type = forms.Choice("資料区分")
    acquired_on = forms.Text("受入日", maximum=40)

    def __init__(self, *args: Any, also: str = "", **kwargs: Any) -> None:
        """``also``: a 資料区分 that is offered although the library has it no more."""
        super().__init__(*args, **kwargs)
        kinds = dict.fromkeys(filter(None, [*policy.get("material_types"), also]))
        self.material_type.offer([("", "書誌と同じ"), *((word, word) for word in kinds)])
