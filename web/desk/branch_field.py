"""A field of forms that asks for a branch."""

from typing import Any

from library import branches
from models import Branch
from web import forms

EVERY = ("all", "すべての館")


class BranchField(forms.Choice):
    """The branches in order. ``before``: what is offered above them, as (value, label)."""

    def __init__(self, label: str, before: tuple[tuple[str, str], ...] = (), **kwargs: Any) -> None:
        super().__init__(label, [*before, *((row.id, row.name) for row in branches.in_order())], **kwargs)

    def branch(self) -> Branch | None:
        """Return the chosen branch; None where it is something else that was chosen."""
        return next((row for row in branches.in_order() if self.data == str(row.id)), None)
