"""A form from its arrival to the rule and back to its page."""

import pytest

from library import errors
from web import forms


class NoteForm(forms.Form):
    in_summary = (("stars", "評価", "stars-0"), ("file", "ファイル", "file"))
    memo = forms.Text("メモ", maximum=5)
    stars = forms.Radio("星の数", (("1", "★"), ("2", "★★")))


@pytest.fixture
def arrived(app):
    """Make a form as it arrives with these fields."""

    def make(**fields):
        with app.test_request_context(method="POST", data=fields):
            return NoteForm()

    return make


def refuse(refusal):
    def rule():
        raise refusal

    return rule


def test_the_rule_is_called_for_a_form_that_is_whole_and_its_result_is_returned(arrived):
    form = arrived(memo="よい", stars="2")
    assert form.submit(lambda: form.memo.data) == "よい"
    assert form.problems == {} and form.summary() == []


@pytest.mark.parametrize("fields", [{"stars": "2"}, {"memo": "あいうえおか", "stars": "2"}, {"memo": "", "stars": "3"}])
def test_the_rule_is_not_called_for_a_form_that_arrived_wrong(arrived, fields):
    form = arrived(**fields)
    assert form.submit(lambda: pytest.fail("the rule was called")) is None
    assert len(form.problems) == 1


def test_a_field_that_need_not_arrive_is_not_missed(arrived):
    assert arrived(stars="1").submit(lambda: "done", without=("memo",)) == "done"


def test_refusals_stand_at_their_fields(arrived):
    empty, doubled = errors.FieldEmpty(), errors.FieldDoubled()
    for refusal, at, problems in (
        (errors.RefusedTogether({"stars": [empty]}), "", {"stars": [empty]}),
        (empty, "memo", {"memo": [empty]}),
        (errors.Refusals([empty, doubled]), "memo", {"memo": [empty, doubled]}),
    ):
        form = arrived(memo="", stars="1")
        assert form.submit(refuse(refusal), at=at) is None and form.problems == problems


@pytest.mark.parametrize("refusal", [errors.FieldEmpty(), errors.Refusals([errors.FieldEmpty()])])
def test_a_refusal_without_a_field_is_left_to_the_view(arrived, refusal):
    with pytest.raises(type(refusal)):
        arrived(memo="", stars="1").submit(refuse(refusal))


def test_the_summary_goes_down_the_page_and_names_what_is_no_field_first(arrived):
    form = arrived(memo="", stars="1")
    form.problems = {name: [errors.FieldEmpty()] for name in ("stars", "memo", "file")}
    assert [(line["label"], line["anchor"]) for line in form.summary()] == [
        ("ファイル", "file"),
        ("メモ", "memo"),
        ("評価", "stars-0"),
    ]
