"""A form that comes back filled on any page, as a person sees it."""

from bs4 import BeautifulSoup
from hypothesis import given, strategies as some

from tests.pages import form_data
from web.parts import form_filling

PAGE = """<!doctype html>
<html lang="ja"><head><title>a &amp; b</title><script type="application/ld+json">{"a": "<b>"}</script></head><body>
<form action="/desk/x"><input name="name" value="search"></form>
<form method="post" action="/desk/y"><input name="name" value="other"></form>
<form method="post" action="/desk/x"><input name="only" value="first"></form>
<form method="post" action="/desk/x">
<input type="hidden" name="csrf_token" value="new">
<input class="control" name="name" type="text" value="&lt;old&gt;" data-x="1 &amp; 2"><input type="password" name="password">
<input type="file" name="file"><textarea name="text" rows="3">
old &amp; older</textarea>
<select name="kind"><option value="a" selected>A</option><option value="b">B</option></select>
<input type="radio" name="role" value="desk" checked><input type="radio" name="role" value="admin">
<input type="checkbox" name="tick" value="1" checked><input type="checkbox" name="tick" value="2">
<input name="twice" value=""><input name="twice" value=""><button name="fix" value="z">保存<br>する</button></form>
<p>&#12354; &copy; <!-- note --> <svg><path d="M0 0"/></svg></p></body></html>
"""
SENT = [
    ("name", '"><script>alert(1)</script>'), ("text", "\n</textarea><b>x</b>&amp;"), ("kind", "b"), ("role", "admin"),
    ("tick", "2"), ("twice", "1"), ("twice", "2"), ("password", "no"), ("csrf", "x"),
]  # fmt: skip


def filled(sent=SENT):
    page = BeautifulSoup(form_filling.filled(PAGE, "/desk/x", sent), "html.parser")
    return page, page.find_all("form")


def test_each_kind_of_field_has_what_was_sent():
    page, forms = filled()
    form = forms[3]
    assert form_data(form) | {"name": form.find("input", {"name": "name"})["value"]} == {
        "csrf_token": "new", "name": SENT[0][1], "password": "", "file": "", "text": SENT[1][1], "kind": "b",
        "role": "admin",
        "tick": "2", "twice": "2",
    }  # fmt: skip
    assert [field["value"] for field in form.find_all("input", {"name": "twice"})] == ["1", "2"]
    assert [option.has_attr("selected") for option in form.find_all("option")] == [False, True]
    assert [box.has_attr("checked") for box in form.find_all("input", type="checkbox")] == [False, True]
    assert page.find("script").get_text() == '{"a": "<b>"}' and len(page.find_all("script")) == 1


def test_no_other_form_and_nothing_around_it_changes():
    page, forms = filled()
    before = BeautifulSoup(PAGE, "html.parser")
    assert [str(form) for form in forms[:3]] == [str(form) for form in before.find_all("form")[:3]]
    for one in (page, before):
        one.find_all("form")[3].extract()
    assert str(page) == str(before)


def test_a_page_without_the_form_stays_as_it_is():
    assert form_filling.filled(PAGE, "/desk/z", SENT) == PAGE


def test_nothing_is_ticked_that_was_sent_unticked():
    _, forms = filled([("name", "a")])
    assert not forms[3].find("input", type="checkbox").has_attr("checked")
    assert forms[3].find("input", {"name": "role"}).has_attr("checked")


@given(some.text(), some.text())
def test_no_text_gets_out_of_its_field(line, text):
    page, forms = filled([("name", line), ("text", text), ("kind", "a")])
    assert len(page.find_all(True)) == len(BeautifulSoup(PAGE, "html.parser").find_all(True))
    assert forms[4:] == []
