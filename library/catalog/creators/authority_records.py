"""典拠の取り込み: other names of the people and subjects of the catalogue, and what stands beside them.

A record is used where the catalogue has its heading: a person with one of its numbers, else of its name; a subject of its name. Nothing is
kept of the others; when their titles have come in, the file can be read again.
"""

from collections.abc import Sequence

from peewee import chunked

from library.catalog import heading_names
from library.catalog.creators import creators
from library.catalog.folding import fold
from library.catalog.readers.authorities import PERSON, Authority, Entry, Name
from library.catalog.search import index
from library.catalog.subjects import subject_words
from library.files.report import CHANGED, REFUSED, SAME, Report
from library.store import database, engine

BATCH = 200  # titles that are put into the index in one transaction
UNUSED = "目録にない名前と件名（使いませんでした）"
Rows = list[tuple]  # (kind, name, kana, latin or relation), in their order


class Intake:
    """Takes in authority records, some at a time."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._subjects: set[int] = set()  # whose words are others now

    def put(self, part: list[Entry]) -> list[tuple[Entry, str]]:
        """Write a part of the file, in the caller's transaction."""
        there = _There([entry.authority for entry in part if entry.authority])
        outcomes = [(entry, self._outcome(entry, there)) for entry in part]
        if there.touched:
            index.refresh(creators.titles_of(heading_names.people_of(there.touched).values()))
        self._subjects |= there.subjects_touched
        return outcomes

    def finish(self) -> None:
        """Have the titles of subjects found by their words, a batch a transaction, when all records are written: a subject has many."""
        for ids in chunked(subject_words.titles_of(sorted(self._subjects)), BATCH):
            with database.writing():
                index.refresh(ids)
            database.give_way()
        self._subjects.clear()

    def _outcome(self, entry: Entry, there: "_There") -> str:
        if entry.authority is None:
            if entry.refused:
                self.report.refuse(entry.refused, entry.number, {}, entry.source_id)
            return REFUSED
        used = there.person(entry.authority) if entry.authority.kind == PERSON else there.subject(entry.authority)
        if used is None:
            self.report.more[UNUSED] += 1
            return SAME
        return CHANGED if used else SAME


class _There:
    """The rows of the catalogue that some authorities are about. Each of these returns None where there is none, else whether it changed."""

    def __init__(self, made: Sequence[Authority]) -> None:
        spelled = {
            text
            for each in made
            if each.kind == PERSON
            for name in (each.heading, *each.others)
            for text in heading_names.written(name.name)
        }
        self.forms: dict[str, list[tuple[int, str]]] = {}  # name → (id, reading)
        for form, name, kana in heading_names.rows_among(
            "SELECT id, name, kana FROM author WHERE name IN ({}) ORDER BY id", spelled
        ):
            self.forms.setdefault(fold.strict(name), []).append((form, kana))
        values = {value for each in made for _, value in each.identifiers}
        rows = heading_names.rows_among(
            "SELECT scheme, value, author_id FROM author_identifier WHERE value IN ({})", values
        )
        self.owners = {(scheme, value): form for scheme, value, form in rows}
        headings = {each.heading.name for each in made if each.kind != PERSON}
        self.subjects = dict(heading_names.rows_among("SELECT name, id FROM subject WHERE name IN ({})", headings))
        self.touched: set[int] = set()
        self.subjects_touched: set[int] = set()

    def person(self, authority: Authority) -> bool | None:
        form = next((self.owners[one] for one in authority.identifiers if one in self.owners), None)
        form = form or self._form(authority.heading, authority)
        if form is None:
            return None
        changed = self._note_numbers(form, authority)
        changed |= self._join(form, authority)
        wanted = [(heading_names.OTHER, each.name, each.kana, each.latin) for each in authority.others]
        wanted += [(heading_names.SEE_ALSO, each.name, each.kana, each.latin) for each in authority.see_also]
        changed |= _replace("author_name", "author_id", "latin", form, wanted)
        if changed:
            self.touched.add(form)
        return changed

    def _form(self, name: Name, authority: Authority) -> int | None:
        """Return the form of this name, but for one that has another number in a register."""
        for form, kana in self.forms.get(fold.strict(name.name), ()):
            if (not kana or not name.kana or fold.strict(kana) == fold.strict(name.kana)) and not _has_another(
                form, authority
            ):
                return form
        return None

    def _note_numbers(self, form: int, authority: Authority) -> bool:
        new = [one for one in authority.identifiers if one not in self.owners]
        engine.run_many(
            "INSERT INTO author_identifier (scheme, value, author_id) VALUES (?, ?, ?)", [(*one, form) for one in new]
        )
        self.owners.update(dict.fromkeys(new, form))
        return bool(new)

    def _join(self, form: int, authority: Authority) -> bool:
        """Have titles under another name of the authority, read alike, be the person's."""
        found = [self._form(each, authority) for each in (authority.heading, *authority.others) if each.kana]
        joined = [creators.follow(other, form) for other in found if other and other != form]
        self.touched |= {other for other, person in zip(found, joined, strict=False) if other and person}
        return any(joined)

    def subject(self, authority: Authority) -> bool | None:
        subject = self.subjects.get(authority.heading.name)
        if subject is None:
            return None
        wanted = [(subject_words.SAME, each.name, each.kana, "") for each in authority.others]
        wanted += [(subject_words.SEE_ALSO, each.name, each.kana, each.relation) for each in authority.see_also]
        changed = _replace("subject_link", "subject_id", "relation", subject, wanted)
        if changed:
            self.subjects_touched.add(subject)
        return changed


def _has_another(form: int, authority: Authority) -> bool:
    schemes = {scheme for scheme, _ in authority.identifiers}
    rows = engine.run("SELECT scheme, value FROM author_identifier WHERE author_id = ?", (form,)).fetchall()
    return any(scheme in schemes and (scheme, value) not in authority.identifiers for scheme, value in rows)


def _replace(table: str, owner: str, last: str, number: int, wanted: Rows) -> bool:
    """Write these names in place of those that are there; tell whether they are others."""
    sql = f"SELECT kind, name, kana, {last} FROM {table} WHERE {owner} = ? ORDER BY position"  # noqa: S608 (names of tables)
    if [tuple(row) for row in engine.run(sql, (number,)).fetchall()] == wanted:
        return False
    engine.run(f"DELETE FROM {table} WHERE {owner} = ?", (number,)).close()  # noqa: S608
    engine.run_many(
        f"INSERT INTO {table} ({owner}, position, kind, name, kana, {last}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608
        [(number, position, *row) for position, row in enumerate(wanted)],
    )
    return True
