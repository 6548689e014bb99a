"""件名の別の言葉: other words for a subject (を見よ) from authority records. Each of them finds the titles of the subject."""

from collections.abc import Iterable, Sequence

from library.store import engine

SAME, SEE_ALSO = "を見よ", "をも見よ"  # kinds of words in authority records
Word = tuple[str, str]  # a word, its reading
_WORDS = f"""
SELECT subject.name, subject_link.name, subject_link.kana, subject_link.position
FROM subject JOIN subject_link ON subject_link.subject_id = subject.id
WHERE subject_link.kind = '{SAME}' AND subject.name IN ({{}})
"""  # noqa: S608


def by_subject(subjects: Iterable[str]) -> dict[str, list[Word]]:
    """Return subject → its other words, only for subjects that have some."""
    found: dict[str, list[Word]] = {}
    for subject, name, kana, _ in sorted(engine.rows_among(_WORDS, set(subjects)), key=lambda row: row[3]):
        found.setdefault(subject, []).append((name, kana))
    return found


def romanisations(subjects: Iterable[str]) -> dict[str, str]:
    """Return subject → its romanisation, only for subjects that have one and no kana reading."""
    return dict(
        engine.rows_among(
            "SELECT name, latin FROM subject WHERE latin <> '' AND kana = '' AND name IN ({})", set(subjects)
        )
    )


def titles_of(subjects: Sequence[int]) -> list[int]:
    """Return the ids of the titles that have one of these subjects (ids)."""
    rows = engine.rows_among("SELECT title_id FROM title_subject WHERE subject_id IN ({})", subjects)
    return sorted({title_id for (title_id,) in rows})
