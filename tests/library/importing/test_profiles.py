"""対応づけ by name: kept apart, renamed, and carried to another library as a file that nobody has to trust."""

import tomllib

import pytest
from hypothesis import given, strategies as some

from library import errors, policy
from library.importing import assignments, kinds, profiles
from library.importing.assignments import Assignments
from library.importing.profiles import Profile

ODD = some.sampled_from("\"'\\#=[]\u2028\U0001f431")
WORDS = some.text(some.characters(exclude_categories=("Cc", "Cs")) | ODD, min_size=1, max_size=9)
HEADINGS = some.lists(WORDS.filter("-".__ne__), unique=True, max_size=3).map(lambda said: "\n".join(said) or "-")


def assignments_of(kind):
    """Return any assignments of a kind of file."""
    names = [column.name for column in kinds.KINDS[kind].columns]
    headings = some.dictionaries(some.sampled_from(names), HEADINGS, min_size=1, max_size=3)
    words = some.dictionaries(WORDS, WORDS, min_size=1, max_size=3)
    return some.builds(Assignments, headings, some.dictionaries(some.sampled_from(names[:1]), words))


@given(
    WORDS.map(str.strip).filter(bool),
    some.fixed_dictionaries({}, optional={kind: assignments_of(kind) for kind in kinds.KINDS}),
)
def test_a_file_says_what_was_written(name, found):
    profile = Profile(name, found)
    assert profiles.read(profiles.written(profile).encode()) == profile


@given(some.text(some.characters(exclude_categories=("Cs",))))
def test_a_file_holds_every_letter(name):
    assert tomllib.loads(profiles.written(Profile(name, {}))) == {"name": name}


def refusal(content):
    with pytest.raises((errors.ProfileUnreadable, errors.ProfileHasUnknown)) as caught:
        profiles.read(content if isinstance(content, bytes) else content.encode())
    return caught.value.sentence


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('name = "a"\n[cats.headings]\n', "cats"),
        ('name = "a"\ncats = 1\n', "cats"),
        ('name = "a"\n[patrons.headings]\ncolour = ["x"]\n', "patrons.headings.colour"),
        ('name = "a"\n[patrons.headings]\nname = "x"\n', "patrons.headings.name"),
        ('name = "a"\n[patrons.headings]\nname = ["x\\ny"]\n', "patrons.headings.name"),
        ('name = "a"\n[patrons.rules]\ncategory = ["x"]\n', "patrons.rules.category"),
        ('name = "a"\n[patrons.values.state]\nx = 1\n', "patrons.values.state"),
        ('name = "a"\n[patrons.values.branch]\n"77" = "01"\n', "patrons.values.branch"),
        ('name = "a"\npatrons.values = 1\n', "patrons.values."),
        ('name = ""\n', "name"),
        ("[patrons.headings]\n", "name"),
        ('name = ["a"]\n', "name"),
    ],
)
def test_an_unknown_part_of_a_file_is_named(db, content, what):
    assert f"：{what}。" in refusal(content)


MANY_PARTS = f'name = "a"\n[patrons]\n{".".join("a" * 40_000)} = 1\n'


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"name", b"a" * (profiles.LARGEST + 1), b"x = " + b"[" * 5000, MANY_PARTS]
)
def test_another_file_is_refused(content):
    assert "読めません" in refusal(content)


def test_profiles_are_kept_apart_and_the_last_is_the_usual_one(db):
    assert assignments.usual() == "前のシステム"
    assignments.remember("patrons", Assignments({"name": "ナマエ"}), "A社")
    assignments.remember("patrons", Assignments({"name": "なまえ"}), "B社")
    assert assignments.remembered("patrons", "A社").headings == {"name": "ナマエ"}
    assert (assignments.profiles(), assignments.usual()) == (["B社", "A社"], "B社")
    assignments.forget("patrons", "B社")
    assert assignments.profiles() == ["A社"]


def test_a_name_is_given_once(db):
    for name in ("A社", "B社"):
        assignments.remember("patrons", Assignments({"name": name}), name)
    with pytest.raises(errors.ProfileTaken):
        profiles.rename("A社", "B社")
    profiles.rename("A社", "甲社")
    assert sorted(assignments.profiles()) == ["B社", "甲社"]


def test_a_file_has_no_branches_and_brings_no_words_that_are_not_here(db):
    policy.put("categories", ["一般", "児童"])
    values = {"branch": {"77": "01"}, "category": {"町外": "市外", "大人": "一般", "職員": "-"}}
    assignments.remember("patrons", Assignments({"name": "ナマエ", "note": "-"}, values), "A社")
    written = profiles.written(profiles.stored("A社"))
    assert "branch" not in written and '"町外" = "市外"' in written
    profiles.remove("A社")
    taken = profiles.read(written.encode())
    assert profiles.changes(taken)[:2] == [
        ("利用者", "氏名", "", "ナマエ", ""),
        ("利用者", "窓口メモ", "", "（取り込まない）", ""),
    ]
    profiles.take(taken)
    assert profiles.stored("A社") == Profile(
        "A社", {"patrons": Assignments({"name": "ナマエ", "note": "-"}, {"category": {"大人": "一般", "職員": "-"}})}
    )
    assert profiles.changes(taken) == []
