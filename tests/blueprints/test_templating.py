"""What templates write and call: as Jinja does it, with less looking around."""

import pytest
from jinja2 import TemplateRuntimeError, UndefinedError
from jinja2.utils import _PassArg
from markupsafe import Markup
from werkzeug.local import LocalProxy

from blueprints import templating


class Drawn:
    def __html__(self):
        return "<b>drawn</b>"


@pytest.fixture
def page(app):
    return lambda text, **given: app.jinja_env.from_string(text).render(**given)


@pytest.mark.parametrize(
    "value, shown",
    [
        ('<猫 & "犬">', "&lt;猫 &amp; &#34;犬&#34;&gt;"),
        (Markup("<b>猫</b>"), "<b>猫</b>"),
        (Drawn(), "<b>drawn</b>"),
        (12, "12"),
        (None, "None"),
        (["<"], "[&#39;&lt;&#39;]"),
        ("", ""),
    ],
)
def test_a_value_is_escaped_unless_it_is_markup(page, value, shown):
    assert templating.written(value) == shown
    assert page("{{ value }}", value=value) == shown
    assert page("{% macro m(v) %}{{ v }}{% endmacro %}{{ m(value) }}", value=value) == shown
    assert page("{% set kept %}{{ value }}{% endset %}{{ kept }}", value=value) == shown


def test_where_nothing_is_to_be_escaped_nothing_is(page):
    assert page("{% autoescape false %}{{ value }}{% endautoescape %}{{ value }}", value="<") == "<&lt;"


MACRO = "{% macro tile(name, count=3, words='冊') %}{{ name }} {{ count }}{{ words }}{% if caller %} {{ caller() }}{% endif %}{% endmacro %}"


@pytest.mark.parametrize(
    "call, drawn",
    [
        ("{{ tile('<') }}", "&lt; 3冊"),
        ("{{ tile('本', 5) }}", "本 5冊"),
        ("{{ tile('本', 5, '<i>'|safe) }}", "本 5<i>"),
        ("{{ tile('本', words='点') }}", "本 3点"),
        ("{{ tile(*given) }}", "本 1件"),
        ("{{ tile(**named) }}", "雑誌 3冊"),
        ("{% call tile('本') %}<{{ 1 }}>{% endcall %}", "本 3冊 <1>"),
        ("{% for n in (1, 2) %}{{ tile('本', n) }}{{ loop.index }} {% endfor %}", "本 1冊1 本 2冊2 "),
    ],
)
def test_macros_take_what_they_are_given(page, call, drawn):
    assert page(MACRO + call, given=("本", 1, "件"), named={"name": "雑誌"}) == drawn


@pytest.mark.parametrize(
    "text, drawn",
    [
        ("{% macro m(a, caller=none) %}{{ a }}{{ caller() if caller else '-' }}{% endmacro %}{{ m(1) }}", "1-"),
        ("{% macro m(a, caller=none) %}{{ a }}{{ caller() }}{% endmacro %}{% call m(1) %}2{% endcall %}", "12"),
        ("{% macro m() %}{{ varargs|length }}{{ kwargs|length }}{% endmacro %}{{ m() }}", "00"),
        ("{% autoescape on %}{{ value }}{% endautoescape %}", "&lt;"),
        ("{% autoescape off %}{{ value }}{% endautoescape %}", "<"),
        ("{% autoescape false %}{% macro m(a) %}{{ a }}{% endmacro %}{{ m(value) }}{% endautoescape %}", "<"),
    ],
)
def test_rarer_ways_to_write_and_to_call(page, text, drawn):
    assert page(text, value="<", on=True, off=False) == drawn


def test_no_template_puts_names_before_the_others(app):
    with pytest.raises(NotImplementedError):
        app.jinja_env.from_string("{{ secret }}", globals={"secret": 1})
    app.jinja_env.get_template("ui.html")
    with pytest.raises(AttributeError):
        app.jinja_env.get_template("ui.html", globals={"secret": 1})


def test_what_a_macro_does_not_take_is_an_error(page):
    with pytest.raises(TypeError):
        page(MACRO + "{{ tile(1, 2, 3, 4) }}")
    with pytest.raises(TypeError):
        page(MACRO + "{{ tile(1, nothing=2) }}")
    with pytest.raises((UndefinedError, TemplateRuntimeError)):
        page("{{ nothing(1) }}")


def test_macros_of_the_rest_of_what_they_are_given(page):
    text = "{% macro all() %}{{ varargs|join('、') }}{{ kwargs|length }}{% endmacro %}{{ all('猫', '犬', a=1) }}"
    assert page(text) == "猫、犬1"


def test_nothing_that_templates_call_asks_for_their_context(app):
    for name, value in app.jinja_env.globals.items():
        parts = vars(value).values() if type(value).__name__ == "TemplateModule" else (value,)
        for part in parts:
            if not isinstance(part, (templating.Macro, LocalProxy)):
                assert _PassArg.from_obj(part) is None, name
