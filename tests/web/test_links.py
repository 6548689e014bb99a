"""Addresses of our own pages."""

import re

NUMBERS = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+_id>")
TOO_LARGE = 2**63  # SQLite raises an error where it is asked for this one


def test_a_number_that_no_row_can_have_is_not_found(app, signed_in):
    checked = 0
    for rule in app.url_map.iter_rules():
        kinds = NUMBERS.findall(rule.rule)
        if not kinds:
            continue
        assert set(kinds) == {"row_id"}, f"{rule.rule} has a number of a row that is not <row_id:…>"
        address = re.sub(r"<any\((\w+)[^>]*>", r"\1", NUMBERS.sub(str(TOO_LARGE), rule.rule))
        ask = signed_in.client.get if "GET" in rule.methods else signed_in.client.post
        assert ask(address, buffered=True).status_code in (404, 405), address  # 405: it has a GET beside its POST
        checked += 1
    assert checked > 30
