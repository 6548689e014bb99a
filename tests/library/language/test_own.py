"""Languages that a library adds: begun by a command, offered once they are filled without a wrong blank."""

import re

import pytest

from library.language import own, registry


def fill(instance, code, share=1.0, name="Tiếng Việt"):
    """Begin a catalogue, and fill this share of it with something that has the right blanks."""
    path = own.begin(instance, code)
    text = re.sub(r'"X-Name: [^\\]*', f'"X-Name: {name}', path.read_text())
    head, _, body = text.partition("\n\n")
    entries = body.split("\n\n")
    for place in range(int(len(entries) * share)):
        found = re.search(r'msgid ((?:".*"\n)+)', entries[place])
        entries[place] = re.sub(
            r'(msgstr(?:\[\d\])?) ""', lambda line, found=found: f"{line[1]} {found[1].strip()}", entries[place]
        )
    path.write_text("\n\n".join([head, *entries]))
    return path


@pytest.mark.parametrize(("share", "is_offered"), [(0, False), (0.5, False), (1, True)])
def test_a_language_is_offered_once_it_is_filled(tmp_path, share, is_offered):
    fill(tmp_path, "vi", share)
    assert own.check(tmp_path, "vi").is_offered is is_offered
    registry.offered.cache_clear()
    assert (("vi", False) in registry.offered(str(tmp_path))) is is_offered


def test_a_blank_that_a_translation_lost_is_named_and_keeps_the_language_back(tmp_path):
    path = fill(tmp_path, "ko", name="한국어")
    msgid = next(line for line in path.read_text().splitlines() if line.startswith('msgstr "') and "{" in line)
    path.write_text(path.read_text().replace(msgid, re.sub(r"\{\w+\}", "{other}", msgid), 1))
    checked = own.check(tmp_path, "ko")
    assert "{other}" in checked.wrong[0].blanks
    assert not checked.is_offered


def test_a_file_that_can_not_be_read_is_told_and_offers_nothing(tmp_path):
    path = fill(tmp_path, "ko")
    path.write_text("msgid ohne Anfang")
    assert own.check(tmp_path, "ko").trouble


def test_a_language_without_a_name_is_not_offered(tmp_path):
    fill(tmp_path, "vi", name="")
    assert not own.check(tmp_path, "vi").is_offered


@pytest.mark.parametrize(
    ("code", "may"), [("zh_Hans", True), ("pt_BR", True), ("ja", False), ("en", False), ("../x", False)]
)
def test_a_code_names_a_language_that_is_not_shipped(code, may):
    assert own.is_language(code) is may


def test_a_missing_sentence_is_said_in_english(tmp_path):
    path = fill(tmp_path, "vi", 0.97)
    last = path.read_text().rstrip().rpartition("\n\n")[2]
    msgid = re.search(r'msgid "(.+)"', last)[1]
    registry.offered.cache_clear()
    said = registry.offered(str(tmp_path))["vi", False].say(msgid)
    assert said.__html__().startswith('<span lang="en">')
