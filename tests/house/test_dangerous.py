"""Acts that ask もう一度確認します first: each address with its act, on one page."""

from library.access import parked_forms
from web import forms
from web.desk import again

DANGEROUS = """
desk.accounts.add       staff_account
desk.accounts.change    staff_account
desk.closing.close      close_card
desk.lost_cards.replace lost_card
desk.move_opening.discard       discard_imported
desk.move_opening.open_library  open_library
desk.patrons.change     birth_date
desk.policies.change    sign_in_settings
desk.policies.register_network      sign_in_settings
desk.procedures.serve   initial_password
desk.second_factor.add_passkey      second_factor
desk.second_factor.app              second_factor
desk.second_factor.begin_app        second_factor
desk.second_factor.confirm_app      second_factor
desk.second_factor.index            second_factor
desk.second_factor.passkey_options  second_factor
desk.second_factor.remove_app       second_factor
desk.second_factor.remove_passkey   second_factor
desk.second_factor.renew_codes      second_factor
"""


def test_the_views_that_ask_for_a_proof_are_these(made_app):
    found = {
        endpoint: sorted(acts)
        for endpoint, view in made_app[0].view_functions.items()
        if (acts := getattr(view, "dangerous", ()))
    }
    assert found == {line.split()[0]: line.split()[1:] for line in DANGEROUS.strip().splitlines()}


def test_every_act_is_done_somewhere(made_app):
    done = {act for view in made_app[0].view_functions.values() for act in getattr(view, "dangerous", ())}
    assert done == set(again.ACTS)


def test_only_staff_do_them(made_app):
    marks = {view.access for view in made_app[0].view_functions.values() if getattr(view, "dangerous", ())}
    assert marks <= {"desk", "admin"}


def test_every_field_for_a_secret_has_a_name_that_is_never_held():
    """``held_forms.is_secret`` goes by names; each password of a form of ours has one of these."""
    found = {
        name: parked_forms.is_secret(name)
        for form in _classes(forms.Form)
        for name in dir(form)
        if getattr(getattr(form, name), "field_class", None) is forms.Secret
    }
    assert {"password", "new_password", "current_password"} <= found.keys()
    assert [name for name, secret in found.items() if not secret] == []


def _classes(kind):
    return {kind, *(found for child in kind.__subclasses__() for found in _classes(child))}
