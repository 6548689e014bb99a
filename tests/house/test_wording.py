"""Every refusal has its sentence, in one table, and nowhere else."""

import re
import string
from pathlib import Path

import pytest

from library import errors

ROOT = Path(__file__).resolve().parents[2]
ERRORS = ROOT / "library" / "errors"
SOURCE = "".join(path.read_text(encoding="utf-8") for path in ERRORS.glob("*.py"))


def refusals():
    """All refusals but the one that only carries others."""
    found, left = set(), [errors.Refused]
    while left:
        for refusal in left.pop().__subclasses__():
            if refusal.__module__.startswith("library.errors."):
                found.add(refusal)
                left.append(refusal)
    return found - {errors.RefusedTogether}


def blanks(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_refusal_has_a_sentence_and_every_sentence_a_refusal():
    assert set(errors.WORDING) == refusals()


@pytest.mark.parametrize("refusal", errors.WORDING, ids=lambda refusal: refusal.__name__)
def test_the_blanks_of_a_sentence_are_told_beside_its_name(refusal):
    line = re.search(rf"^class {refusal.__name__}\(.*", SOURCE, re.M)[0]
    told = set(re.findall(r"\w+", line.partition("#")[2].replace("facts:", "")))
    assert blanks(errors.WORDING[refusal]) <= told, line


@pytest.mark.parametrize("refusal", errors.WORDING, ids=lambda refusal: refusal.__name__)
def test_a_sentence_can_be_said(refusal):
    sentence = errors.WORDING[refusal]
    facts = dict.fromkeys(blanks(sentence), "甲")
    assert refusal(**facts).sentence == sentence.format(**facts)
    assert re.search(r"[ぁ-んァ-ヶ一-龠]", sentence)


def test_no_sentence_is_written_a_second_time():
    """A sentence without blanks stands in no other file of the program."""
    sentences = {sentence for sentence in errors.WORDING.values() if not blanks(sentence) and len(sentence) > 12}
    copies = []
    for folder, suffix in (("library", "py"), ("blueprints", "py"), ("templates", "html"), (".", "py")):
        pattern = f"*.{suffix}" if folder == "." else f"**/*.{suffix}"
        for path in (ROOT / folder).glob(pattern):
            if path.parent == ERRORS:
                continue
            text = path.read_text(encoding="utf-8")
            copies += [f"{path.relative_to(ROOT)}: {sentence}" for sentence in sentences if sentence in text]
    assert not copies, "\n".join(copies)
