"""The instructions in the documents work."""

import ast
import re
import shutil
import subprocess

import pytest

import jobs
from app import serve
from library import dates, demonstration, wording
from library.account import retention
from library.importing import items
from scripts.check_tree import ROOT, tracked

GUIDE = (ROOT / "docs" / "operating-guide.ja.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = {
    path: path.read_text(encoding="utf-8") for path in [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]
}
SCREENS = {
    path: path.read_text(encoding="utf-8").replace("{{ config.PROGRAM }}", "flask")
    for path in sorted((ROOT / "templates").rglob("*.*"))
}


def commands_in(text):
    """``flask patrons import`` → patrons import; a group alone, a file or an option ends it. The guide calls it madoguchi."""
    called = r"(?:\bflask|(?<!-u )(?<!/opt/)\bmadoguchi)"
    return {found.strip() for found in re.findall(called + r"((?: [a-z][a-z-]*)+)", text)}


def unknown_commands(app, text):
    """Return the commands named in the text that ``flask`` does not have with those words."""
    return [words for words in sorted(commands_in(text)) if not is_command(app, *words.split())]


def is_command(app, first, *rest):
    command = {serve.name: serve, **app.cli.commands}.get(first)
    return command is not None and (not rest or rest[0] in getattr(command, "commands", rest))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_commands_that_are_named_exist(path, app):
    assert unknown_commands(app, DOCUMENTS[path]) == []


def test_commands_that_a_screen_names_exist(app):
    assert {path.name: unknown for path in SCREENS if (unknown := unknown_commands(app, SCREENS[path]))} == {}


def sentences_in(path):
    """Return the Japanese texts of a file of the program that name a command."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    texts = [in_words(node) for node in nodes if isinstance(node, ast.Constant | ast.JoinedStr)]
    return "\n".join(text for text in texts if "flask " in text and not text.isascii())


def in_words(node):
    """Return a text of the program as it reads in its source tree, where the commands are those of ``flask``."""
    if isinstance(node, ast.JoinedStr):
        return "".join(map(in_words, node.values))
    if isinstance(node, ast.FormattedValue):
        return "flask" if ast.unparse(node.value) in ("config.COMMAND", "config.PROGRAM") else "…"
    return node.value if isinstance(node.value, str) else ""


def test_commands_that_the_program_names_exist(app):
    program = [path for path in tracked() if path.suffix == ".py" and "tests" not in path.parts]
    said = "\n".join(map(sentences_in, program))
    assert "flask db upgrade" in said
    assert unknown_commands(app, said) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_targets_of_make_that_are_named_exist(path):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"\bmake (run|test[a-z-]*|setup|check|bench)\b", DOCUMENTS[path])) <= targets


def test_the_states_in_the_guide_are_those_that_a_file_may_say():
    rows = re.findall(r"^\| (\S+) \| (\S+) \|$", section("3."), re.M)
    words = {state: set() for state in wording.ITEM_STATES.values()}
    for word, state in items.STATES.items():
        words[wording.ITEM_STATES[state]].add(word)
    assert {state: set(listed.split("、")) for state, listed in rows[2:]} == words


def test_the_dates_in_the_guide_are_read_or_not_as_it_says():
    line = next(line for line in section("3.").splitlines() if line.startswith("- 日付は"))
    read, unread = (re.findall(r"`([^`]+)`", part) for part in line.split("。", 1))
    assert len(read) > 4 and len(unread) > 3
    for text in read:
        assert dates.parse(text)
    for text in unread:
        with pytest.raises(ValueError, match=text.replace(".", r"\.")):
            dates.parse(text)


def test_the_guide_says_for_how_long_an_expired_card_stays():
    assert f"{retention.CARDS.days:,}日は取り込んだ日から数える" in section("3.")


def section(number):
    return GUIDE.partition(f"## {number}")[2].partition("\n## ")[0]


def test_the_jobs_in_the_guide_are_those_that_run():
    table = GUIDE.partition("## 4.")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \| ", table, re.M) == [job.name for job in jobs.JOBS]


def test_cron_runs_every_job_once_where_the_server_runs_none():
    lines = re.findall(r"^\S+ +\S+ +\S+ +\S+ +\S+ +root (.*)$", GUIDE, re.M)
    run = [name for line in lines for name in re.findall(r"for job in ([a-z_ ]+);|jobs run ([a-z_]+)", line)]
    names = [name for several, one in run for name in (several or one).split()]
    assert sorted(names) == sorted(job.name for job in jobs.JOBS)


def service_of_the_guide():
    """The sample unit, as written."""
    return re.search(r"```ini\n(# /etc/systemd/system/.*?)```", GUIDE, re.S)[1]


def test_the_commands_of_the_guide_act_on_the_library_of_its_service():
    service = service_of_the_guide()
    command = re.search(r"^exec sudo -u (\S+) env (MADOGUCHI_INSTANCE=\S+) (\S+)/bin/flask .*$", GUIDE, re.M)
    user, instance, environment = command.groups()
    assert f"\nUser={user}\n" in service
    assert f"\nEnvironment={instance}\n" in service
    assert f"\nReadWritePaths={instance.partition('=')[2]}\n" in service
    assert f"\nExecStart={environment}/bin/python app.py\n" in service


def test_only_make_run_asks_for_the_demonstration():
    assert "--demonstration" not in service_of_the_guide()
    assert "app.py --demonstration\n" in (ROOT / "Makefile").read_text()


def test_the_service_of_the_guide_gives_up_when_it_is_refused_again_and_again():
    """A start takes seconds: five of them are over long before the interval is, and then it stops."""
    given = dict(re.findall(r"^(\w+)=(\d+)$", service_of_the_guide(), re.M))
    burst, wait = int(given["StartLimitBurst"]), int(given["RestartSec"])
    assert burst * (wait + 20) < int(given["StartLimitIntervalSec"])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_the_service_of_the_guide_is_closed_in(tmp_path):
    unit = tmp_path / "madoguchi.service"
    unit.write_text(service_of_the_guide(), encoding="utf-8")
    judge = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)]
    assert subprocess.run(judge, capture_output=True, check=False).returncode == 0


def test_sentences_that_the_guide_quotes_are_said_by_the_program():
    program = "".join(
        path.read_text(encoding="utf-8")
        for path in tracked()
        if path.suffix in (".py", ".html") and "tests" not in path.parts
    )
    table = GUIDE.partition("## 9.")[2]
    quoted = re.findall(r"^\| `([^`]+)` \|", table, re.M) + re.findall(r"^\|[^|]*「([^」]+)」が出る", table, re.M)
    assert len(quoted) >= 6
    assert [words for words in quoted if words not in program] == []


def test_the_cards_in_the_readme_are_those_of_the_demonstration():
    cards = dict(card[:2] for card in demonstration.DEMONSTRATION_CARDS)
    named = re.findall(r"^\| `(\d{13})` \| `([^`]+)` \|", README, re.M)
    assert named
    assert all(cards[card] == password for card, password in named)


def test_paths_in_the_architecture_exist():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    folders, missing = ["", "library/", "tests/library/"], []
    for name in re.findall(r"`([\w/]+\.(?:py|css|js))`", text):
        missing += [] if any((ROOT / folder / name).exists() for folder in folders) else [name]
    assert not missing


def test_decisions_are_numbered_once_and_carry_their_number():
    numbers = []
    for path in sorted((ROOT / "docs" / "adr").glob("*.md")):
        number, _, _ = path.name.partition("-")
        assert path.read_text(encoding="utf-8").startswith((f"# {number} ", f"# {number}. "))
        numbers.append(number)
    assert len(numbers) == len(set(numbers))
