"""Readings of titles and names, divided over their runs."""

import time
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from library.language import furigana
from tests.each import of_each

NONE = "–"
ROWS = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("titles.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
KANA = st.text("のはをかうん", min_size=1, max_size=3)
READING = st.text("のはかうんきょ", min_size=1, max_size=5)
KANJI = st.text("山川木花", min_size=1, max_size=3)


def marked(runs):
    return "".join(f"{{{text}|{kana}}}" if kana else text for text, kana in runs)


@of_each(ROWS, named=str)
def test_a_title_checked_by_hand_gets_its_readings(row):
    text, reading, expected = row
    runs = furigana.divide(text, reading)
    assert (NONE if runs is None else marked(runs)) == expected


def test_the_titles_checked_by_hand_are_enough():
    assert len(ROWS) >= 60


@settings(max_examples=400)
@given(st.lists(st.one_of(KANA.map(lambda kana: (kana, "")), st.tuples(KANJI, READING)), max_size=8))
def test_a_reading_is_divided_as_it_was_put_together_or_not_at_all(made):
    made = [(text, kana) for text, kana in made if not kana or len(text) <= len(kana) <= 6 * len(text)]
    made = [next(same) for _, same in groupby(made, key=lambda each: bool(each[1]))]
    runs = furigana.divide("".join(text for text, _ in made), "".join(kana or text for text, kana in made))
    assert runs is None or runs == made


@pytest.mark.parametrize("reading", ["ははの" * 160, "のの" * 240, "の" * 500])
def test_a_long_title_with_many_ways_takes_no_time(reading):
    began = time.perf_counter()
    assert furigana.divide("母の" * 160, reading) is None or reading == "ははの" * 160
    assert time.perf_counter() - began < 1


def test_a_text_of_unreasonable_length_gets_no_readings():
    assert furigana.divide("山" * 501, "や" * 501) is None


@settings(max_examples=300)
@given(st.text(), st.text())
def test_any_text_and_reading_are_taken(text, reading):
    runs = furigana.divide(text, reading)
    assert runs is None or "".join(run for run, _ in runs) == text
