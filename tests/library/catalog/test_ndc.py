import pytest
from hypothesis import given, settings, strategies as st

from library.catalog import ndc
from library.catalog.readers import remarks
from library.catalog.records import Record

ALWAYS = settings(max_examples=400)
ANYTHING = st.text(st.one_of(st.sampled_from("0123456789.KRE児ナ上 /-\ud800\x00"), st.characters()), max_size=20)


@pytest.mark.parametrize(
    ("text", "number", "children"),
    [("９１３．６", "913.6", False), ("9136", "913.6", False), ("913", "913", False), ("NDC 913.6", "913.6", False),
     ("K913", "913", True),
     ("ＮＤＣ９：Ｋ９１３．８", "913.8", True), ("NDC K913 914", "913", True), ("913;914", "913", False), ("E726", "726", False),
     ("NDC913.6", "913.6", False), ("NDC10 913.6", "913.6", False), ("分類：913.6", "913.6", False), ("児913", "913", True),
      ("K 726.6", "726.6", True),
     ("YA913", "913", False), ("R 031", "031", False), ("913.6/ナツ", "913.6", False), ("913.6-ナ", "913.6", False),
      ("913.6（ナ）", "913.6", False),
     ("７２６．６／／Ｅ", "726.6", False), ("[913.6]", "913.6", False), ("0076", "007.6", False), ("7.6", "007.6", False),
      ("19.5", "019.5", False),
     ("21", "21", False), ("913・6", "913.6", False), ("913.6K", "913.6", False), ("913.6.1", "913.6.1", False),
      ("KH55", "KH55", False),
     ("UE13", "UE13", False), ("E", "E", False), ("", "", False), ("文学", "文学", False), ("1999年", "1999年", False)],
)  # fmt: skip
def test_a_class_is_read_in_any_width_and_without_its_letter(text, number, children):
    made = Record("")
    assert remarks.classes_of(made, text)[0] == number
    assert (made.audience == "児童") == children


@pytest.mark.parametrize(
    ("text", "numbers", "others"),
    [("913.6 ; 210", ("913.6", "210"), ()), ("K913/210.1、絵本", ("913", "210.1"), ()),
     ("918.68；Ｋ９１３；９１３", ("918.68", "913"), ()),
     ("UE13;913", ("913",), ("UE13",)), ("絵本", (), ("絵本",)), ("913 ナ 1", ("913",), ()), ("", (), ())],
)  # fmt: skip
def test_all_classes_of_several_are_read(text, numbers, others):
    found = ndc.read_all(text)
    assert (found.numbers, found.others) == (numbers, others)
    assert ndc.read_all(found.text()).numbers == numbers


def test_of_editions_the_newest_is_taken():
    assert ndc.of_newest_edition([("9", "548.2961"), ("10", "007.63"), ("10", "548.9")]) == ("10", "007.63 548.9")
    assert ndc.of_newest_edition([("", "913"), ("", "913")]) == ("", "913") and ndc.of_newest_edition([]) == ("", "")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("9", "文学"),
        ("91", "日本文学"),
        ("913", "小説．物語"),
        ("913.6", "小説．物語"),
        ("913.68", "小説．物語"),
        ("９１３．６", "小説．物語"),
        ("K913", "小説．物語"),
        ("913.6/ナ/1", "小説．物語"),
        ("007.64", "情報科学"),
        ("001", "総記"),
        ("210", "日本史"),
        ("486", "昆虫類"),
        ("0", "総記"),
        ("", ""),
        ("E", ""),
        ("ナ", ""),
        ("2025", ""),
    ],
)
def test_a_class_is_told_in_words(code, words):
    assert ndc.caption(code) == words


def test_every_main_class_and_division_has_words():
    assert ndc.children() == tuple("0123456789")
    for main in ndc.children():
        assert ndc.children(main) == tuple(f"{main}{digit}" for digit in range(10))
    assert sum(len(ndc.children(division)) for main in ndc.children() for division in ndc.children(main)) > 930


def test_above_a_class_are_the_wider_ones():
    assert ndc.parents("913.6") == ("9", "91", "913")
    assert ndc.parents("913") == ("9", "91")
    assert ndc.parents("91") == ("9",)
    assert ndc.parents("9") == ndc.parents("") == ndc.parents("E") == ()
    assert ndc.children("913") == ndc.children("E") == ()


@pytest.mark.parametrize(
    "ordered",
    [
        ["007.64", "007.7", "010", "210", "210.02", "210.1", "289 ナ", "29", "290 ク", "913"],
        ["913 ア", "913.6 ア", "913.6 ナ", "913.6 ナツ", "913.68 ア", "914"],
        ["913.6 ナ", "913.6 ナ 1", "913.6 ナ 2", "913.6 ナ 10", "913.6 ナツ 1"],
        ["913.6/ナ/1", "913.6 ナ 2", "913.6-ナ-3"],
        ["９１３．６　ナ　１", "913.6 ナ ２", "913.6 ﾅ 3"],
        ["913.6 ア 上", "913.6 ア 中", "913.6 ア 下"],
        ["913.6 ア 前編", "913.6 ア 後編"],
        ["913.6 ア", "913.6 カ", "913.6 カガ", "913.6 カタ", "913.6 ガラ"],
        ["913.6 Mu43", "913.6 ア"],
        ["913.6 ア", "ナ", "E", "E ナ", "E ナ 2", "E ナ 10", "F ナツ", "K913", "K913.6 ア", "R031", "児913", ""],
        ["R 031", "R 210", "R 913.6"],
        ["L", "L 290"],
        ["郷土 091", "郷土 291 ク"],
        ["絵本 ア", "絵本 ナ"],
    ],
)
def test_call_numbers_stand_as_on_the_shelf(ordered):
    keys = [ndc.shelf_key(call_number) for call_number in ordered]
    assert keys == sorted(set(keys))


@ALWAYS
@given(ANYTHING)
def test_any_text_is_a_call_number(text):
    ndc.shelf_key(text).encode()
    assert ndc.caption(text) == "" or ndc.caption(text) in ndc._captions().values()
    assert set(ndc.parents(text)) <= set(ndc._captions())


@ALWAYS
@given(st.decimals(0, 999, places=3, allow_nan=False), st.decimals(0, 999, places=3, allow_nan=False))
def test_classes_stand_as_decimals(one, other):
    first, second = (f"{number:07.3f}" for number in (one, other))
    assert (ndc.shelf_key(first) < ndc.shelf_key(second)) == (one < other)
