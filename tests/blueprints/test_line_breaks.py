"""Line breaks that are not allowed."""

import pytest
from markupsafe import Markup

from web.parts.line_breaks import keep_days


@pytest.mark.parametrize("day", ["12月2日(水)", "2026年12月2日(水)"])
def test_a_day_in_a_sentence_stays_on_one_line(day):
    assert (
        keep_days(f"返却期限は{day}です。")
        == f'<span class="words">返却期限は<span class="keep">{day}</span>です。</span>'
    )


def test_two_days_are_kept_each_for_itself():
    kept = keep_days("12月2日(水) 〜 12月9日(水)")
    days = '<span class="keep">12月2日(水)</span> 〜 <span class="keep">12月9日(水)</span>'
    assert kept == f'<span class="words">{days}</span>'


def test_a_short_aside_with_its_day_moves_to_the_next_line_whole():
    day = '<span class="keep">12月3日(木)</span>'
    assert (
        keep_days("受取可（12月3日(木)まで）")
        == f'<span class="words">受取可<span class="whole">（{day}まで）</span></span>'
    )
    assert f'<span class="whole">（{day}まで）。</span>' in keep_days("取り置いています（12月3日(木)まで）。")
    assert "whole" not in keep_days("休みます（詳しくは窓口で12月3日(木)までにお尋ねください）")


def test_words_of_people_are_text_and_nothing_else():
    assert keep_days("<b>12月2日(水)") == '<span class="words">&lt;b&gt;<span class="keep">12月2日(水)</span></span>'
    assert keep_days("<b>") == "&lt;b&gt;"


def test_markup_is_left_as_it_is():
    kept = Markup('<a title="12月2日(水)">12月2日(水)</a>')
    assert keep_days(kept) == kept
