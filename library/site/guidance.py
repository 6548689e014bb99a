"""利用案内: the rules that hold for everybody, read from the settings, so that the page is always right."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from library import dates, policy
from library.store.queries import tuples
from models import Branch, ClosingRule

EBOOK = "電子書籍"  # lent by terms of its own


class LendingRow(NamedTuple):
    """The limits of a category; with a ``material_type`` only those that differ from the row above."""

    category: str
    material_type: str
    lendable: bool
    holdable: bool
    loan_limit: int | None
    loan_days: int
    renewals: int
    hold_limit: int | None


def lending(rules: policy.Policy) -> list[LendingRow]:
    """Return a row for each category, each followed by rows for the types with other rules."""
    rows = []
    for category in rules.get("categories"):
        general = _row(category, "", rules.lending(category))
        differing = [row for each in _types(rules) if _differs(row := _of_type(rules, category, each), general)]
        rows += [general, *differing]
    return rows


def _types(rules: policy.Policy) -> list[str]:
    return [each for each in rules.get("material_types") if each != EBOOK]


def _row(category: str, material_type: str, values: dict, **limits: Any) -> LendingRow:
    return LendingRow(
        category, material_type, **({name: values[name] for name in LendingRow._fields if name in values} | limits)
    )


def _of_type(rules: policy.Policy, category: str, material_type: str) -> LendingRow:
    """Return the row of one type; a limit is None if the type counts in the limit of all."""
    limits = {name: rules.type_limit(name, category, material_type) for name in ("loan_limit", "hold_limit")}
    return _row(category, material_type, rules.lending(category, material_type), **limits)


def _differs(row: LendingRow, general: LendingRow) -> bool:
    own = row.loan_limit is not None or row.hold_limit is not None
    return own or row[2:4] + row[5:7] != general[2:4] + general[5:7]


def shelf_days(rules: policy.Policy) -> list[int]:
    """Return all numbers of open days that a copy waits on the hold shelf, ascending."""
    kinds = ["", *_types(rules)]
    return sorted(
        {rules.lending(category, each)["shelf_days"] for category in rules.get("categories") for each in kinds}
    )


def cart_limits(rules: policy.Policy) -> list[int]:
    """Return all sizes of the cart in the categories, ascending."""
    return sorted({rules.lending(category)["cart_limit"] for category in rules.get("categories")})


# -- 休館日 ----------------------------------------------------------------------------------------------------------
def closed_days(branches: Iterable[Branch]) -> dict[int, str]:
    """Return branch id → its regular closed days: 月曜、第3水曜、12月29日〜1月3日."""
    rules = tuples(ClosingRule.select(ClosingRule.branch, ClosingRule.rule).order_by(ClosingRule.id))
    return {
        branch.id: "、".join(
            [
                *(f"{dates.WEEKDAYS[int(day)]}曜" for day in sorted(branch.closed_weekdays)),
                *(spelled_out(text) for branch_id, text in rules if branch_id in (None, branch.id)),
            ]
        )
        for branch in branches
    }


def spelled_out(rule: str) -> str:
    """Return a rule of closing in Japanese."""
    return re.sub(r"(\d+)/(\d+)", r"\1月\2日", rule).replace("-", "〜")
