import pytest

from library import dates


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2003", 2003),
        ("２００３", 2003),
        ("2003.5", 2003),
        ("c2003", 2003),
        ("20030510", 2003),
        ("1957（昭和32）年5月20日", 1957),
        ("平成 11", 1999),
        ("平成元年", 1989),
        ("令和8年11月", 2026),
        ("昭和 46-47 [1971-1972]", 1971),
        ("平成 11 [1999]", 1999),
        ("[2003?]", 2003),
        ("", None),
        ("刊年不明", None),
        ("12345", None),
        ("0913", None),
    ],
)
def test_the_year_is_found_in_what_records_say(text, year):
    assert dates.year_of(text) == year
