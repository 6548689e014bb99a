"""Each part that htmx swaps in has a browser test of where the focus goes and what is told; a new one needs its line
here.
"""

import re

from scripts.check_tree import ROOT

# template, what is asked, and the test
SWAPS = """
catalog/_action.html    address                 test_lending.py        test_three_volumes_are_reserved_in_order_at_another_branch
catalog/_mark.html      shelves.mark            test_announcements.py  test_a_title_that_is_wanted_keeps_the_focus_on_its_mark
desk/imports/columns.html desk.imports.assign_columns test_imports.py    test_columns_are_joined_with_an_example_while_they_are_chosen_and_one_row_is_shown
desk/imports/_progress.html desk.imports.progress test_imports.py        test_the_progress_of_an_import_is_told_and_the_focus_is_left_alone
desk/_parts.html        address                 test_desk.py           test_copies_are_lent_as_fast_as_they_are_scanned
history/record.html     history.note            test_maintenance.py    test_any_other_form_stays_and_is_sent_after_the_hour
profile/confirm.html    profile.confirm         test_announcements.py  test_each_step_puts_the_focus_on_its_heading
profile/confirm.html    profile.edit            test_announcements.py  test_each_step_puts_the_focus_on_its_heading
profile/edit.html       profile.edit            test_announcements.py  test_a_refused_edit_puts_the_focus_on_the_summary
profile/_other_forms.html profile.test_mail     test_corrections.py    test_a_test_mail_is_sent_once_in_ten_minutes
shelves/index.html      shelves.index           test_maintenance.py    test_any_other_form_stays_and_is_sent_after_the_hour
shelves/order.html      shelves.move_book       test_shelves.py        test_books_are_ordered_by_keyboard_alone_and_each_move_is_told
inputs.html             profile.check           test_announcements.py  test_a_check_announces_one_message_politely
"""
TABLE = [line.split() for line in SWAPS.strip().splitlines()]


def asked(template):
    """The endpoint of each swap, or the variable that holds its address."""
    source = (ROOT / "templates" / template).read_text(encoding="utf-8")
    for address in re.findall(r'data-hx-(?:get|post|put|patch|delete)="\{\{ (.*?) \}\}"', source):
        named = re.match(r"url_for\('([\w.]+)'", address)
        yield template, named[1] if named else address


def test_every_swap_has_its_line():
    templates = sorted(str(path.relative_to(ROOT / "templates")) for path in (ROOT / "templates").rglob("*.html"))
    assert sorted({swap for template in templates for swap in asked(template)}) == sorted(
        (a, b) for a, b, _, _ in TABLE
    )


def test_every_line_names_a_test_that_asks_for_the_focus():
    for _, _, file, name in TABLE:
        source = (ROOT / "tests" / "browser" / file).read_text(encoding="utf-8")
        body = re.search(rf"^def {name}\(.*?(?=^\S|\Z)", source, re.M | re.S)
        assert body and re.search("focus|is_at|is_refused_at", body[0]), name
