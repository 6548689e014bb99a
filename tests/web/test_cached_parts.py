"""Parts of pages that are kept."""

from tests import factories, pages
from web.forms import Face
from web.parts import cached_parts


class Macro:
    def __init__(self):
        self.drawn = 0

    def __call__(self, *given, **named):
        self.drawn += 1
        return f"{given} {sorted(named)}"


def test_the_same_part_is_drawn_once():
    macro = Macro()
    part = cached_parts.cached(macro)
    assert part("book", width="w") == part("book", width="w")
    assert macro.drawn == 1
    part("bell", width="w")
    assert macro.drawn == 2


def test_what_a_person_typed_and_what_was_refused_is_not_kept():
    macro = Macro()
    part = cached_parts.cached(macro)
    for given in ((Face("text", "email1", "E-mail1", "taro@example.jp"),), ("email1", ["refused"])):
        macro.drawn = 0
        assert part(*given) == part(*given)
        assert macro.drawn == 2


def test_a_part_with_a_call_block_is_not_kept():
    macro = Macro()
    part = cached_parts.cached(macro)
    for _ in range(2):
        part("group", caller=len)
    assert macro.drawn == 2


def test_what_is_kept_for_one_patron_is_not_shown_to_another(app, db):
    for days in (2, 5, 2):
        patron = factories.patron()
        factories.preference(patron, days_before=days, active=days == 5, to_pc=True)
        browser = pages.Browser(app)
        browser.sign_in(patron)
        sent = pages.form_data(browser.get("/my/profile").page.find(id="profile-form"))
        assert sent["due_days"] == str(days)
        assert sent["due_active"] == ("on" if days == 5 else "off")
