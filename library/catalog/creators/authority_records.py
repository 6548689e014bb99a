"""典拠の取り込み: other names of the creators and subjects of the catalogue, and their をも見よ.

A record is used if the catalogue has its heading: a creator with one of its numbers or else its name, a subject with
its name. Other records are not kept; when their titles have come in, the file can be read again.
"""

from collections.abc import Sequence

from library.catalog import heading_names, subject_words
from library.catalog.creators import creators
from library.catalog.folding import fold
from library.catalog.fulltext import index
from library.catalog.readers.authorities import CREATOR, Authority, Entry, Name
from library.files.report import CHANGED, REFUSED, SAME, Report
from library.store import engine

UNUSED = "目録にない名前と件名（使いませんでした）"
Rows = list[tuple]  # (kind, name, kana, latin or relation), in the order of the record


class Intake:
    """The import of authority records, some at a time."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._subjects: set[int] = set()  # subjects whose other words have changed

    def put(self, part: list[Entry]) -> list[tuple[Entry, str]]:
        """Write some entries in the caller's transaction; return each with its outcome: CHANGED, SAME or REFUSED."""
        matches = _Matches([entry.authority for entry in part if entry.authority])
        outcomes = [(entry, self._outcome(entry, matches)) for entry in part]
        if matches.touched:
            index.refresh(creators.titles_of(heading_names.creators_of(matches.touched).values()))
        self._subjects |= matches.subjects_touched
        return outcomes

    def finish(self) -> None:
        """Put the titles of changed subjects into the index again, a batch a transaction: once for all records, as a
        subject has many titles.
        """
        index.refresh_in_batches(subject_words.titles_of(sorted(self._subjects)))
        self._subjects.clear()

    def _outcome(self, entry: Entry, matches: "_Matches") -> str:
        if entry.authority is None:
            if entry.refused:
                self.report.refuse(entry.refused, entry.number, {}, entry.source_id)
            return REFUSED
        is_creator = entry.authority.kind == CREATOR
        is_changed = matches.update_creator(entry.authority) if is_creator else matches.update_subject(entry.authority)
        if is_changed is None:
            self.report.more[UNUSED] += 1
            return SAME
        return CHANGED if is_changed else SAME


class _Matches:
    """The creators and subjects of the catalogue that some authority records are about."""

    def __init__(self, made: Sequence[Authority]) -> None:
        spelled = {
            text
            for each in made
            if each.kind == CREATOR
            for name in (each.heading, *each.others)
            for text in heading_names.written_forms(name.name)
        }
        self.forms: dict[str, list[tuple[int, str]]] = {}  # name → (id, reading)
        for form, name, kana in engine.rows_among(
            "SELECT id, name, kana FROM author WHERE name IN ({}) ORDER BY id", spelled
        ):
            self.forms.setdefault(fold.strict(name), []).append((form, kana))
        values = {value for each in made for _, value in each.identifiers}
        rows = engine.rows_among("SELECT scheme, value, author_id FROM author_identifier WHERE value IN ({})", values)
        self.owners = {(scheme, value): form for scheme, value, form in rows}
        headings = {each.heading.name for each in made if each.kind != CREATOR}
        self.subjects = dict(engine.rows_among("SELECT name, id FROM subject WHERE name IN ({})", headings))
        self.touched: set[int] = set()
        self.subjects_touched: set[int] = set()

    def update_creator(self, authority: Authority) -> bool | None:
        """Write the names of a creator; return True when they changed, None when the catalogue has no such creator."""
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
        """Return the form with this name whose reading and register numbers don't contradict the record; None when
        there is none.
        """
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
        """Join the forms of the record's other names, if their readings agree, to the creator of ``form``; tell whether
        any was joined.
        """
        found = [self._form(each, authority) for each in (authority.heading, *authority.others) if each.kana]
        joined = [creators.join_to(other, form) for other in found if other and other != form]
        self.touched |= {other for other, creator in zip(found, joined, strict=False) if other and creator}
        return any(joined)

    def update_subject(self, authority: Authority) -> bool | None:
        """Write the words of a subject; return True when they changed, None when the catalogue has no such subject."""
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
    """Write these names in place of the stored ones; tell whether they differ."""
    sql = f"SELECT kind, name, kana, {last} FROM {table} WHERE {owner} = ? ORDER BY position"  # noqa: S608 (names of tables)
    if [tuple(row) for row in engine.run(sql, (number,)).fetchall()] == wanted:
        return False
    engine.run(f"DELETE FROM {table} WHERE {owner} = ?", (number,)).close()  # noqa: S608
    engine.run_many(
        f"INSERT INTO {table} ({owner}, position, kind, name, kana, {last}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608
        [(number, position, *row) for position, row in enumerate(wanted)],
    )
    return True
