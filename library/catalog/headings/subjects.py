"""件名: the subjects of titles as rows of their own, written with the titles that have them."""

from collections.abc import Sequence

from peewee import chunked

from library.catalog.folding import sort_key
from library.catalog.records import Record
from library.store import engine

ASKED = 500  # values in one query
REMEMBERED = 20_000  # subjects whose rows are known without asking
DIVIDED = "--"  # between a subject and its division: 図書館--歴史


class Subjects:
    """Write the subjects of titles, and remember between batches which rows there are. Forget everything after a rollback."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, str]] = {}

    def forget(self) -> None:
        self._known.clear()

    def put(self, pairs: Sequence[tuple[int, Record]], *, replaced: bool) -> None:
        """Write which subjects these (title id, record) have; ``replaced``: in place of those that they had."""
        if replaced:
            engine.run_many("DELETE FROM title_subject WHERE title_id = ?", [(title_id,) for title_id, _ in pairs])
        ids = self._ids({name: kana for _, record in pairs for name, kana in reversed(record.subjects) if name})
        rows = [
            (title_id, position, ids[name])
            for title_id, record in pairs
            for position, name in enumerate(dict.fromkeys(name for name, _ in record.subjects if name))
        ]
        engine.run_many("INSERT INTO title_subject (title_id, position, subject_id) VALUES (?, ?, ?)", rows)

    def _ids(self, wanted: dict[str, str]) -> dict[str, int]:
        """Return the ids of subjects (name → reading) by their names, with new rows for those that are new."""
        if len(self._known) > REMEMBERED:
            self._known.clear()
        known = self._known
        self._look_up([name for name in wanted if name not in known])
        first = (engine.run("SELECT MAX(id) FROM subject").fetchone()[0] or 0) + 1
        new = [
            (number, name, wanted[name], sort_key.key(wanted[name], name))
            for number, name in enumerate([name for name in wanted if name not in known], first)
        ]
        if new:
            engine.run_many("INSERT INTO subject (id, name, kana, sort_key) VALUES (?, ?, ?, ?)", new)
            engine.ids_were_given("subject")
            known.update({name: (number, kana) for number, name, kana, _ in new})
        self._give_readings({name: kana for name, kana in wanted.items() if kana and not known[name][1]})
        return {name: known[name][0] for name in wanted}

    def _look_up(self, names: list[str]) -> None:
        for some in chunked(names, ASKED):
            blanks = ", ".join("?" * len(some))
            sql = f"SELECT name, id, kana FROM subject WHERE name IN ({blanks})"  # noqa: S608
            self._known.update({name: (number, kana) for name, number, kana in engine.run(sql, tuple(some)).fetchall()})

    def _give_readings(self, readings: dict[str, str]) -> None:
        """Write the readings of subjects that had none."""
        rows = [(kana, sort_key.key(kana, name), self._known[name][0]) for name, kana in readings.items()]
        engine.run_many("UPDATE subject SET kana = ?, sort_key = ? WHERE id = ?", rows)
        self._known.update({name: (self._known[name][0], kana) for name, kana in readings.items()})


def above(name: str) -> list[str]:
    """Return the subjects above one, the nearest last: 図書館 and 図書館--日本 of 図書館--日本--歴史."""
    parts = name.split(DIVIDED)
    return [DIVIDED.join(parts[:size]) for size in range(1, len(parts))]
