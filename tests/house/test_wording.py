"""Every refusal has its sentence beside it, and nowhere else; every word has one spelling on all screens."""

import csv
import re
import string
from pathlib import Path

from library import errors
from scripts.check_tree import product
from tests.each import of_each

ROOT = Path(__file__).resolve().parents[2]
ERRORS = Path("library", "errors")


def refusals():
    """Every refusal that the program makes, wherever it does."""
    found, left = set(), [errors.Refused]
    while left:
        children = left.pop().__subclasses__()
        found.update(children)
        left += children
    return found


def blanks(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


REFUSALS = sorted(refusals(), key=lambda refusal: refusal.__name__)


def test_every_refusal_goes_by_its_name():
    """A page that was redirected to finds a refusal by the name that its cookie carries."""
    assert set(errors.REFUSALS.values()) - {errors.Refused} == set(REFUSALS)
    for name, refusal in errors.REFUSALS.items():
        assert f"{refusal.__module__}.{refusal.__qualname__}" == f"library.errors.{name}"
        assert refusal.__name__ == name


def test_no_two_refusals_say_the_same():
    sentences = [refusal.sentence for refusal in REFUSALS]
    assert len(set(sentences)) == len(sentences)


def test_every_refusal_is_used():
    program = "".join(text for path, text in spoken() if path.suffix == ".py")
    assert errors.REFUSALS.keys() <= set(re.findall(r"\berrors\.(\w+)", program))


@of_each(REFUSALS, lambda refusal: refusal.__name__)
def test_a_sentence_can_be_said(refusal):
    sentence = refusal.sentence
    facts = dict.fromkeys(blanks(sentence), "甲")
    assert refusal(**facts).sentence == sentence.format(**facts)
    assert re.search(r"[ぁ-んァ-ヶ一-龠]", sentence)


@of_each(REFUSALS, lambda refusal: refusal.__name__)
def test_a_sentence_ends_with_its_full_stop(refusal):
    sentence = refusal.sentence
    assert sentence.endswith("。") or re.search(r"：\{\w+\}$", sentence), (
        "only what is named after ： may stand at the end"
    )


def test_no_sentence_is_written_a_second_time():
    """A sentence without blanks stands in no other file of the program."""
    sentences = {
        sentence
        for sentence in (refusal.sentence for refusal in REFUSALS)
        if not blanks(sentence) and len(sentence) > 12
    }
    copies = [
        f"{path}: {sentence}"
        for path, text in spoken()
        if path.suffix in (".py", ".html") and path.parent != ERRORS
        for sentence in sentences
        if sentence in text
    ]
    assert not copies, "\n".join(copies)


# -- one spelling -----------------------------------------------------------------------------------------------------
SPOKEN = ("library/site/shipped_articles/*.txt", "static/**/*.js",
          "templates/**/*.html", "templates/**/*.txt", "docs/*.ja.md",
          "docs/guide/*.md")  # fmt: skip


def spoken():
    """The files that hold sentences for people: (path from the root, text)."""
    found = {*product(), *(path for pattern in SPOKEN for path in ROOT.glob(pattern))}
    return [(path.relative_to(ROOT), path.read_text(encoding="utf-8")) for path in sorted(found)]


FOR_CHILDREN = (
    "templates/kids/",
    "blueprints/kids/",
    "library/discovery/childrens_places.py",
    "docs/guide/21-kids.md",
)  # fmt: skip (all in kana)


def words():
    """The rows of words.tsv: wrong, right, and longer words in which the wrong one is right."""
    with open(Path(__file__).with_name("words.tsv"), encoding="utf-8", newline="") as file:
        return [
            (row["wrong"], row["right"], row["except"].split("｜") if row["except"] else [])
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def misspelt(text, wrong, exceptions):
    """The lines of a text that hold a wrong word outside of the longer words in which it is right."""
    for number, line in enumerate(text.splitlines(), 1):
        rest = line
        for longer in exceptions:
            rest = rest.replace(longer, "")
        if wrong in rest:
            yield number, line.strip()


def test_every_word_has_one_spelling():
    files = spoken()
    found = [
        f"{path}:{number}: {wrong} → {right}: {line}"
        for wrong, right, exceptions in words()
        for path, text in files
        if not str(path).startswith(FOR_CHILDREN)
        for number, line in misspelt(text, wrong, exceptions)
    ]
    assert not found, "\n".join(found)


def test_paragraphs_and_mails_end_with_their_full_stop():
    """Labels, buttons and cells don't. The words of the offline desk stand before what a refusal names."""
    open_ends = re.compile(r"(?:した|です|ます|ません|ください)(?=</p>|$)", re.M)
    found = [
        f"{path}:{number}: {line.strip()}"
        for path, text in spoken()
        if path.parts[0] == "templates" and (path.suffix == ".html" or path.parts[1] == "mail")
        for number, line in enumerate(text.splitlines(), 1)
        if ("</p>" in line or path.suffix == ".txt") and "data-word" not in line and open_ends.search(line)
    ]
    assert not found, "\n".join(found)


def test_the_list_is_that_of_the_voice():
    """docs/voice.md is its source, for people to read."""
    text = (ROOT / "docs" / "voice.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(.+?)` \| `(.+?)` \| (.*?) ?\|$", text, re.M)
    told = [
        (wrong, right, [each.replace("\\|", "|") for each in re.findall(r"`(.+?)`", longer)])
        for wrong, right, longer in rows
    ]
    assert told == words()


def test_a_wrong_word_is_found_and_a_longer_right_one_is_not():
    assert list(misspelt("一行\n新しいことば", "ことば", [])) == [(2, "新しいことば")]
    assert not list(misspelt("きょうだい", "きょう", ["きょうだい"]))


def test_the_list_of_words_does_not_contradict_itself():
    rows = words()
    assert len({wrong for wrong, _, _ in rows}) == len(rows) > 50
    assert not [
        (wrong, right) for wrong, right, _ in rows if any(other in right for other, _, _ in rows if other != "冊")
    ]
