"""The catalogues of words are whole: each sentence for patrons is in each language, by the rules of that language."""

from io import BytesIO

import pytest
from babel.messages import pofile

from library.language import catalogues, lint
from scripts import catalogues as extraction

CODES = ("ja", "ja-simple", "en")
LACKING = "Bring them up to date by python scripts/catalogues.py, and translate what is empty."


@pytest.fixture(scope="module")
def wanted():
    return extraction.sentences()


@pytest.fixture(scope="module")
def read():
    def entries(code):
        file = catalogues.SHIPPED / code / catalogues.FILE
        return [message for message in pofile.read_po(BytesIO(file.read_bytes()), abort_invalid=True) if message.id]

    return {code: entries(code) for code in CODES}


def msgid(message):
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message):
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_has_each_sentence_that_is_said_and_no_other(code, wanted, read):
    found = {msgid(message) for message in read[code]}
    assert (sorted(set(wanted) - found), sorted(found - set(wanted))) == ([], []), LACKING


@pytest.mark.parametrize("code", CODES)
def test_no_sentence_of_a_catalogue_is_empty_or_unread(code, read):
    empty = [msgid(message) for message in read[code] if not all(forms(message)) or message.fuzzy]
    assert empty == [], LACKING


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_keeps_the_rules_of_its_language(code, read):
    faults = {
        form: found
        for message in read[code]
        for form in forms(message)
        if (found := [str(fault) for fault in lint.faults_of(code, msgid(message), form)])
    }
    assert faults == {}
