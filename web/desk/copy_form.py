"""The form of one copy, on the page of its title and on its own."""

from library import branches, errors, policy
from library.lending import copies
from web import forms


class CopyForm(forms.Form):
    barcode = forms.Text("資料番号", maximum=100)
    branch = forms.Choice("所蔵館")
    shelf = forms.Text("場所", maximum=copies.LONGEST)
    call_number = forms.Text("請求記号", maximum=copies.LONGEST)
    material_type = forms.Choice("資料区分")
    acquired_on = forms.Text("受入日", maximum=40)

    def __init__(self, *args, also="", **kwargs):
        super().__init__(*args, **kwargs)
        self.branch.offer((row.id, row.name) for row in branches.in_order())
        kinds = dict.fromkeys(filter(None, [*policy.get("material_types"), also]))
        self.material_type.offer([("", "書誌と同じ"), *((word, word) for word in kinds)])

    def typed(self):
        return {field.name: field.data or "" for field in self}

    def read(self):
        """Return the values for the rules and nothing else, or None and what is wrong, by field."""
        if problems := forms.refused(self):
            return None, problems
        try:
            return copies.read(self.typed()), {}
        except errors.RefusedTogether as refused:
            return None, refused.by_field
