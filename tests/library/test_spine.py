import pytest

from library.catalog import spine


@pytest.mark.parametrize(
    ("text", "number"),
    [("", 0x811C9DC5), ("a", 0xE40C292C), ("foobar", 0xBF9CF968)],
)
def test_the_fingerprint_is_the_published_fnv_1a(text, number):
    assert spine._fingerprint(text) == number


def test_the_same_title_always_looks_the_same():
    assert spine.cover_classes("こころ", "913.6") == "ndc-9 tone-2 deco-2 tall-0 wide-1"


def test_width_and_spaces_of_letters_change_nothing():
    assert spine.cover_classes("ＰＹＴＨＯＮ　入門", "007") == spine.cover_classes("PYTHON入門", "007")


@pytest.mark.parametrize(("ndc", "expected"), [("", "ndc-0"), (None, "ndc-0"), ("K", "ndc-0"), ("４５１", "ndc-4")])
def test_a_book_without_a_class_is_grey(ndc, expected):
    assert spine.cover_classes("雪", ndc).split()[0] == expected


def test_the_lines_of_a_long_title_may_end_anywhere_so_that_none_is_cut():
    long = "ハッカー倫理と情報公開・プライバシー"
    assert spine.cover_classes(long, "007").endswith(" dense") and spine.make(long, "", "007").classes.endswith(
        " dense"
    )
    assert "dense" not in spine.make("故郷に帰りゆくこころ", "", "913").classes
