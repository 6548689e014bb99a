"""Age groups, for statistics."""

from datetime import date

from library import dates

# (last age, name) of each group: statistics keep the group, not the patron
AGE_GROUPS = (
    (6, "0-6"), (12, "7-12"), (15, "13-15"), (18, "16-18"), (22, "19-22"), (29, "23-29"), (39, "30-39"), (49, "40-49"),
    (59, "50-59"), (69, "60-69"),
)  # fmt: skip
OLDEST_GROUP = "70-"


def age_group(born: date | None, *, today: date) -> str:
    """Return the age group for statistics (13-15); empty without a birth date."""
    if born is None:
        return ""
    return next((name for last, name in AGE_GROUPS if dates.age(born, today=today) <= last), OLDEST_GROUP)
