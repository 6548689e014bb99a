"""The markup of pages and news: what it makes, and what nobody gets through it."""

import re
import time

import pytest
from hypothesis import given, strategies as st

from library.site import markup

MADE = [
    ("一段落\n二行目\n\n次", "<p>一段落<br>\n二行目</p>\n<p>次</p>"),
    ("# 大\n\n### 小\n\n# 大", "<h2>大</h2>\n<h3>小</h3>\n<h2>大</h2>"),
    ("- あ\n- い", "<ul>\n<li>あ</li>\n<li>い</li>\n</ul>"),
    ("1. あ\n2. い", "<ol>\n<li>あ</li>\n<li>い</li>\n</ol>"),
    ("**「休館」**です。**閉館。**ご注意", "<p><strong>「休館」</strong>です。<strong>閉館。</strong>ご注意</p>"),
    ("** あ ** \\*\\*い\\*\\* **う", "<p>** あ ** **い** **う</p>"),
    ("[案内](/access) [外](https://example.jp/?a=1&b=2)",
     '<p><a href="/access">案内</a> <a href="https://example.jp/?a=1&amp;b=2">外</a></p>'),
    ("[電話](tel:096) <mailto:a@example.jp>", '<p><a href="tel:096">電話</a> <a href="mailto:a@example.jp">mailto:a@example.jp</a></p>'),
    ("    字下げ `そのまま`", "<p>字下げ `そのまま`</p>"),
]  # fmt: skip


def test_a_day_stays_on_one_line():
    assert markup.html("**12月1日(火)**<から") == (
        '<p><strong><span class="keep">12月1日(火)</span></strong>&lt;から</p>\n'
    )


@pytest.mark.parametrize(("text", "html"), MADE)
def test_a_text_of_signs_becomes_this_markup(text, html):
    assert markup.html(text).strip() == html


HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<a href='javascript:1'>x</a>", "<!-- x -->",
    "<?php ?>", "<svg/onload=1>",
    "[x](javascript:alert(1))", "[x](JaVa&#115;cript:1)", "[x](java\tscript:1)", "[x](vbscript:1)",
    "[x](data:text/html,<b>)", "[x](file:///etc/passwd)",
    "[x](//evil.test)", "[x](https:///evil.test)", "[x](https:/\\evil.test)", "[x]( javascript:1)",
    "[x](<javascript:1>)", "<javascript:alert(1)>",
    "[x][1]\n\n[1]: javascript:1", "[x](\x01javascript:1)", "**[x](javascript:1)**", '[x](/a"onclick="1)',
    "# <b onmouseover=1>",
]  # fmt: skip
ALLOWED = re.compile(
    r'</?(?:p|h[2-6]|ul|ol|li|strong|blockquote)>|<br>|<hr>|<ol start="\d+">|</a>|<a href="([^"<>]*)"(?: title="[^"<>]*")?>'
)


def check(text):
    html = markup.html(text)
    assert all(markup.may_link(link.replace("&amp;", "&")) for link in ALLOWED.findall(html) if link)
    assert not re.search(r"[<>]", ALLOWED.sub("", html)), html


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_runs_gets_through(text):
    check(text)


@given(st.text(st.sampled_from("<>[]()!*#-\"'&:/\\ \n\tjavscriptax1あ`_|=~"), max_size=60))
def test_whatever_is_typed_makes_allowed_tags_only(text):
    check(text)


@pytest.mark.parametrize("part", ["[", "[a](", "**a ", "> ", "- ", "<a", "[![a", "\\", "*"])
def test_a_text_that_is_all_marks_takes_no_time_to_speak_of(part):
    assert markup.html(part * (10_000 // len(part)))


@pytest.mark.parametrize("part", ["[", "[a](", "**a ", "[a](<", "](", "- ", "## ", " \n"])
def test_nor_is_it_looked_through_for_links_and_marks_in_its_length_squared(part):
    text, began = part * (64 * 1024 // len(part)), time.process_time()
    for look in (markup.unusable_link, markup.plain, markup.sections):
        look(text)
    assert time.process_time() - began < 2  # seconds of the processor; squared it were ten times that


def test_questions_are_parts_with_a_heading_each():
    assert markup.sections("はじめに\n\n## 一 ##\n答え\n### 小\n\n## 二") == [
        ("", "はじめに"),
        ("一", "答え\n### 小"),
        ("二", ""),
    ]
    assert markup.sections("") == []
