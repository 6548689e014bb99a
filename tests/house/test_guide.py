"""The guide for administrators says what the program does."""

import re

import pytest

from library import dates, wording
from library.account import retention
from library.importing import items
from scripts.check_tree import ROOT, tracked
from server import jobs
from settings import config
from tests.house.guide import CHAPTERS, CRON, FILES, INDEX, TEXT, blocks, on_screens, title


def test_the_list_of_chapters_names_each_in_its_order():
    text = INDEX.read_text(encoding="utf-8")
    listed = re.findall(r"^\| \[(.+?)\]\(guide/(.+?)\) \|", text, re.M)
    assert listed == [(title(path), path.name) for path in FILES]
    assert [heading.partition(".")[0] for heading, _ in listed] == [str(number) for number in range(1, len(listed) + 1)]


def test_words_of_a_screen_are_on_one():
    """「…」 in the guide is what somebody sees, letter by letter."""
    seen = on_screens()
    quoted = {words for text in CHAPTERS.values() for words in re.findall(r"「([^「」]+)」", text)}
    assert len(quoted) > 100
    assert sorted(words for words in quoted if re.sub(r"\s+", "", words) not in seen) == []


def test_addresses_of_pages_are_there(app):
    bare = {re.sub(r"<[^>]*>", "…", rule.rule).rstrip("/") for rule in app.url_map.iter_rules()}
    named = set(re.findall(r"`(/(?:desk|my|pages|features|healthz|readyz|metrics)[a-z/…-]*)`", TEXT))
    assert len(named) > 10
    assert sorted(path for path in named if path.rstrip("/") not in bare) == []


def test_settings_that_are_named_are_settings():
    named = set(re.findall(r"`([A-Z][A-Z_]{3,})(?: = [^`]*)?`", TEXT))
    assert len(named) > 15
    of_restic = {"RESTIC_REPOSITORY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
    assert sorted(named - config.SETTINGS.keys() - of_restic - {"MADOGUCHI_INSTANCE"}) == []


def test_the_states_in_the_guide_are_those_that_a_file_may_say():
    rows = re.findall(r"^\| (\S+) \| (\S+) \|$", CHAPTERS["取り込み"], re.M)
    words = {state: set() for state in wording.ITEM_STATES.values()}
    for word, state in items.STATES.items():
        words[wording.ITEM_STATES[state]].add(word)
    assert {state: set(listed.split("、")) for state, listed in rows[2:]} == words


def test_the_dates_in_the_guide_are_read_or_not_as_it_says():
    line = next(line for line in CHAPTERS["取り込み"].splitlines() if line.startswith("- 日付は"))
    read, unread = (re.findall(r"`([^`]+)`", part) for part in line.split("。", 1))
    assert len(read) > 4 and len(unread) > 3
    for text in read:
        assert dates.parse(text)
    for text in unread:
        with pytest.raises(ValueError, match=text.replace(".", r"\.")):
            dates.parse(text)


def test_the_guide_says_for_how_long_an_expired_card_stays():
    assert f"{retention.CARDS.days:,}日は取り込んだ日から数える" in CHAPTERS["取り込み"]


def test_cron_runs_every_job_once_where_the_server_runs_none():
    lines = re.findall(r"^\S+ +\S+ +\S+ +\S+ +\S+ +root (.*)$", CRON.read_text(encoding="utf-8"), re.M)
    run = [name for line in lines for name in re.findall(r"for job in ([a-z_ ]+);|jobs run ([a-z_]+)", line)]
    names = [name for several, one in run for name in (several or one).split()]
    assert sorted(names) == sorted(job.name for job in jobs.JOBS)


def test_only_make_run_asks_for_the_demonstration():
    assert [block.text for block in blocks() if "--demonstration" in block.text] == []
    assert "app.py --demonstration\n" in (ROOT / "Makefile").read_text()


def test_sentences_that_the_guide_quotes_are_said_by_the_program():
    program = "".join(
        path.read_text(encoding="utf-8")
        for path in tracked()
        if path.suffix in (".py", ".html") and "tests" not in path.parts
    )
    table = CHAPTERS["困ったとき"]
    quoted = re.findall(r"^\| `([^`]+)` \|", table, re.M) + re.findall(r"^\|[^|]*「([^」]+)」が出る", table, re.M)
    assert len(quoted) >= 6
    assert [words for words in quoted if words not in program] == []
