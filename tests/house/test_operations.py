"""操作の記録 speaks Japanese: what is recorded, and who did it, has its words in ``library.audit_words``; no words are left
over.
"""

import re

from library import audit_words
from scripts.check_tree import ROOT, product

SOURCES = [path.read_text(encoding="utf-8") for path in product()]
RECORDS = re.compile(r"import [^\n]*\baudit\b|^    audit,$|\bties\.record\(", re.M)
RECORDING = "\n".join(text for text in SOURCES if RECORDS.search(text))


def first_texts(function, *paths):
    """Return the first texts that files hand to a function."""
    text = "".join((ROOT / path).read_text(encoding="utf-8") for path in paths)
    return set(re.findall(function + r'\(\s*[^"\n]*"(\w+)"', text))


# which come with packs of before 1.0.0, or were recorded once
FORMER = {"patron.lost_number_given", *(f"backup_token.{what}" for what in ("added", "misused", "revoked", "unknown"))}
ENDS = {  # of actions that are put together: what follows the point
    "import": first_texts("read_(?:in|all|records)", "cli/__init__.py", "cli/catalog.py"),
    "passkey": first_texts("_note", "library/patrons/passkeys.py"),
    "password": first_texts("_store_password", "library/patrons/signing_in.py"),
    "patron": first_texts("_set_state", "library/account/registration.py"),
    "push": first_texts("_note", "library/mail/push.py"),
    "question": first_texts("_end", "library/site/questions.py"),
    "request": ["buying", "borrowing", "declined"],
}


def recorded():
    """Every text that begins as an action does, in the files that record."""
    starts = "|".join(
        {code.partition(".")[0] for code in audit_words.ACTIONS}
        | set(re.findall(r'audit\.record\(\s*f?"(\w+)\.', RECORDING))
    )
    together = set(re.findall(rf'f"({starts})\.{{', RECORDING))
    assert together == ENDS.keys(), "say in ENDS what may follow"
    texts = re.findall(rf'"((?:{starts})\.[a-z_]+)"(?!: [A-Z(])', RECORDING)  # a table of models is no action
    return set(texts) | {f"{start}.{end}" for start in together for end in ENDS[start]}


def test_every_action_that_is_recorded_has_its_words_and_all_words_are_of_one():
    assert recorded() | FORMER == set(audit_words.ACTIONS)


def test_everybody_who_acts_without_an_account_has_a_name():
    actors = set(re.findall(r'(?:\b(?:actor|by)=|^ACTOR = )"(\w+)"', "\n".join(SOURCES), re.M))
    assert actors
    assert actors <= set(audit_words.ACTORS)
