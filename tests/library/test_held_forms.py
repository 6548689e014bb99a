"""Forms of the staff that wait: what is held, for whom, and for how long."""

from datetime import timedelta

import pytest

from library.access import parked_forms
from library.account import retention
from models import ParkedForm
from tests import factories
from tests.conftest import NOW

FIELDS = [("name", "佐藤"), ("tick", "a"), ("tick", "b")]


@pytest.fixture
def clerk(db):
    return factories.staff("desk", login="suzuki")


def hold(clerk, fields=FIELDS, **given):
    return parked_forms.park(clerk, "/desk/x", "/desk/x?page=2", fields, now=NOW, **given)


def test_a_form_is_found_by_its_token_for_half_an_hour(clerk):
    token, _ = hold(clerk)
    found = parked_forms.find(clerk, token, now=NOW + parked_forms.KEPT - timedelta(seconds=1))
    assert (found.address, found.page, found.entered) == ("/desk/x", "/desk/x?page=2", [list(pair) for pair in FIELDS])
    assert parked_forms.find(clerk, token, now=NOW + parked_forms.KEPT) is None


def test_nobody_else_and_no_other_browser_has_it(clerk):
    token, _ = hold(clerk)
    assert parked_forms.find(factories.staff(), token, now=NOW) is None
    assert parked_forms.find(clerk, "another", now=NOW) is None
    assert token not in str(ParkedForm.select().dicts().get())


@pytest.mark.parametrize(
    "name",
    ["password", "new_password", "current_password", "again_password", "again_code", "csrf_token", "check", "code"],
)
def test_no_secret_is_held(clerk, name):
    token, _ = hold(clerk, [(name, "aoi-sora"), ("name", "佐藤")])
    assert parked_forms.find(clerk, token, now=NOW).entered == [["name", "佐藤"]]


@pytest.mark.parametrize("name", ["first_password_mode", "password_minimum", "initial_code", "passwords"])
def test_settings_about_passwords_are_no_secrets(name):
    assert not parked_forms.is_secret(name)


def test_a_form_of_64_kib_is_held_and_a_larger_one_is_not(clerk):
    assert hold(clerk, [("text", "あ" * ((parked_forms.LARGEST - 4) // 3))])
    assert hold(clerk, [("text", "あ" * (parked_forms.LARGEST // 3))]) is None


def test_a_browser_has_one_held_form(clerk):
    first, _ = hold(clerk)
    hold(clerk)
    second, _ = hold(clerk, earlier=first)
    assert ParkedForm.select().count() == 2
    assert parked_forms.find(clerk, first, now=NOW) is None and parked_forms.find(clerk, second, now=NOW)


def test_it_is_dropped_when_it_is_sent_again_and_not_with_another_form(clerk):
    token, _ = hold(clerk)
    parked_forms.drop(clerk, token, "/desk/y")
    assert parked_forms.find(clerk, token, now=NOW)
    parked_forms.drop(clerk, token, "/desk/x")
    assert ParkedForm.select().count() == 0


def test_it_is_erased_after_half_an_hour(clerk):
    hold(clerk)
    assert retention.clean_up(now=NOW + parked_forms.KEPT)["held_forms"] == 0
    assert retention.clean_up(now=NOW + parked_forms.KEPT + timedelta(seconds=1))["held_forms"] == 1
