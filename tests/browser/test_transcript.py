"""利用者情報変更 and the desk as a screen reader says them."""

from collections import Counter

from playwright.sync_api import expect

from tests import factories
from tests.browser import screen_reader
from tests.browser.visitor import CONFIRM, DONE, EDIT

CONTROLS = ("button, ", "checkbox, ", "combobox, ", "radio, ", "textbox, ")
PARTS = ("group", "region")
SLOW = "を読み取り中"  # said where this machine is slow


def controls_of(phrases):
    """Return each control as it is met: the names of the groups and regions around it, then its own phrase."""
    around, found = [], []
    for phrase in phrases:
        kind, _, name = phrase.partition(", ")
        if kind in PARTS:
            around.append(name)
        elif kind.removeprefix("end of ") in PARTS:
            around.pop()
        elif phrase.startswith(CONTROLS):
            found.append((*around, phrase))
    return found


def read(visitor):
    screen_reader.start(visitor.page)
    phrases = screen_reader.read_to_the_end(visitor.page)
    assert phrases[-1] == "end of document"
    return phrases


def test_no_two_controls_of_the_edit_step_are_said_alike(visitor):
    visitor.go(EDIT)
    said = Counter(controls_of(read(visitor)))
    assert len(said) > 30
    assert [words for words, times in said.items() if times > 1] == []


def test_each_choice_of_the_edit_step_is_said_in_a_named_group(visitor):
    visitor.go(EDIT)
    choices = [words for words in controls_of(read(visitor)) if words[-1].startswith("radio")]
    assert len(choices) > 3
    assert [words for words in choices if len(words) < 3 or not words[-2]] == []


def test_no_step_is_said_with_bare_bullets(visitor):
    visitor.go(EDIT)
    visitor.field("予約受取館").select_option(label="龍田")
    said = read(visitor)
    for path in (CONFIRM, DONE):
        visitor.press("更新")
        visitor.arrives_at(path)
        said += read(visitor)
    assert [phrase for phrase in said if phrase.startswith("・")] == []


def test_five_scans_are_each_said_once_with_title_and_name(visit, library):
    with library.rows():
        card = factories.patron(name="佐藤 花子").card_number
        copies = [
            factories.item(title=factories.title(title=name)).barcode for name in ("坂道", "夜汽車", "灯台", "水車")
        ]
    clerk = visit().be_at_desk("madoguchi")
    screen_reader.start(clerk.page)
    clerk.scan(card)
    said = clerk.page.locator("#said")
    expect(said).to_have_text("佐藤 花子さんの手続きを始めます。")
    for count, barcode in enumerate(copies, 1):
        clerk.scan(barcode)
        expect(said).to_contain_text(f"{count}点目です。")
    phrases = [
        words for words in screen_reader.spoken(clerk.page) if ": " in words and not words.endswith((": ", SLOW))
    ]
    starts = (
        "佐藤 花子さんの手続き",
        *(f"「{name}」を 佐藤 花子さん に貸し出しました。" for name in ("坂道", "夜汽車", "灯台", "水車")),
    )
    assert [
        words for words, start in zip(phrases, starts, strict=True) if not words.startswith(f"polite: {start}")
    ] == []


def test_a_screen_reader_says_each_word_once_whether_it_has_furigana_or_not(visitor, library):
    said, controls = [], []
    for furigana in ("off", "on"):
        visitor.context.add_cookies([{"name": "furigana", "value": furigana, "url": library.url}])
        visitor.go(EDIT)
        phrases = [phrase for phrase in read(visitor) if "ふりがな" not in phrase]
        said.append("".join(phrases))
        controls.append([phrase.replace(" ", "") for phrase in phrases if phrase.startswith(CONTROLS)])
    readings = {each for each in visitor.page.locator("rt").all_inner_texts() if len(each) > 2}
    assert len(readings) > 50
    assert [each for each in readings if each in said[1] and each not in said[0]] == []
    assert controls[0] == controls[1]
