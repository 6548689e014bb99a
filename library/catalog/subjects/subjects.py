"""件名: the subjects of titles as rows of their own, written with the titles that have them."""

from collections.abc import Sequence
from typing import NamedTuple

from library.catalog.folding import romanised, sort_key
from library.catalog.records import Record
from library.store import engine

REMEMBERED = 20_000  # subjects whose rows are cached
DIVIDED = "--"  # between a subject and its division: 図書館--歴史


class Readings(NamedTuple):
    """The readings of a subject: in kana, or a romanisation when no record has kana."""

    kana: str = ""
    latin: str = ""

    def adds_to(self, known: "Readings") -> bool:
        """Tell whether these readings supply one that is not known; a known one stays."""
        return not known.kana and (self.kana != "" or (self.latin != "" and not known.latin))

    def sort_key(self, name: str) -> str:
        """Return the sort key of the subject ``name`` by its reading."""
        return sort_key.key(self.kana or romanised.kana_reading(name, self.latin), name)


class Subjects:
    """The rows of subjects, cached between batches; call ``forget`` after a rollback."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, Readings]] = {}

    def forget(self) -> None:
        """Drop the cache."""
        self._known.clear()

    def put(self, pairs: Sequence[tuple[int, Record]], *, replaced: bool) -> None:
        """Write the subjects of these (title id, record), in the caller's transaction; ``replaced``: in place of those
        they had.
        """
        if replaced:
            engine.run_many("DELETE FROM title_subject WHERE title_id = ?", [(title_id,) for title_id, _ in pairs])
        ids = self._ids(
            {
                name: Readings(kana, record.subject_latin.get(name, ""))
                for _, record in pairs
                for name, kana in reversed(record.subjects)
                if name
            }
        )
        rows = [
            (title_id, position, ids[name])
            for title_id, record in pairs
            for position, name in enumerate(dict.fromkeys(name for name, _ in record.subjects if name))
        ]
        engine.run_many("INSERT INTO title_subject (title_id, position, subject_id) VALUES (?, ?, ?)", rows)

    def _ids(self, wanted: dict[str, Readings]) -> dict[str, int]:
        """Return subject name → id, after writing rows for new subjects and new readings."""
        if len(self._known) > REMEMBERED:
            self._known.clear()
        known = self._known
        self._look_up([name for name in wanted if name not in known])
        first = (engine.run("SELECT MAX(id) FROM subject").fetchone()[0] or 0) + 1
        new = [
            (number, name, *wanted[name], wanted[name].sort_key(name))
            for number, name in enumerate([name for name in wanted if name not in known], first)
        ]
        if new:
            engine.run_many("INSERT INTO subject (id, name, kana, latin, sort_key) VALUES (?, ?, ?, ?, ?)", new)
            engine.ids_were_given("subject")
            known.update({name: (number, wanted[name]) for number, name, *_ in new})
        self._give_readings({name: each for name, each in wanted.items() if each.adds_to(known[name][1])})
        return {name: known[name][0] for name in wanted}

    def _look_up(self, names: list[str]) -> None:
        rows = engine.rows_among("SELECT name, id, kana, latin FROM subject WHERE name IN ({})", names)
        self._known.update({name: (number, Readings(kana, latin)) for name, number, kana, latin in rows})

    def _give_readings(self, readings: dict[str, Readings]) -> None:
        """Write the readings of subjects that had none."""
        rows = [(*each, each.sort_key(name), self._known[name][0]) for name, each in readings.items()]
        engine.run_many("UPDATE subject SET kana = ?, latin = ?, sort_key = ? WHERE id = ?", rows)
        self._known.update({name: (self._known[name][0], each) for name, each in readings.items()})


def above(name: str) -> list[str]:
    """Return the subjects above one, the nearest last: 図書館 and 図書館--日本 for 図書館--日本--歴史."""
    parts = name.split(DIVIDED)
    return [DIVIDED.join(parts[:size]) for size in range(1, len(parts))]
