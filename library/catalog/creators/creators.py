"""著者: the creators of titles as rows of their own, one for each form of a name; several forms may be one creator.

Forms with the same number in a register (NDL, VIAF, ISNI) are one creator; two of one name with different numbers, or
different years of birth, are two. Decisions of the desk stay (docs/adr/0093-headings.md).
"""

from collections.abc import Iterable
from typing import NamedTuple

from library.catalog import heading_names
from library.catalog.folding import sort_key
from library.catalog.records import Contributor, Identifier
from library.store import engine

REMEMBERED = 20_000  # creators whose rows are cached
Key = tuple[str, str, tuple[Identifier, ...], str, int]


class Form(NamedTuple):
    """A form of a name: its id, its sort key, ``apart``, which tells it from others of the same name, and the year of
    birth, if it is known.
    """

    id: int
    sort_key: str
    apart: str = ""
    born: str = ""


def key_of(each: Contributor) -> Key:
    """Return the key that contributors with the same row have in common."""
    return each.name, each.kana, each.identifiers, each.born, each.author_id


class Creators:
    """The rows of contributors, cached between batches; call ``forget`` after a rollback."""

    def __init__(self) -> None:
        self._known: dict[Key, Form] = {}
        self.joined: set[int] = (
            set()
        )  # creators that were joined by their numbers and are to be put into the index again

    def forget(self) -> None:
        """Drop the cache."""
        self._known.clear()

    def __getitem__(self, each: Contributor) -> Form:
        """Return the row of a contributor that has been ``put``."""
        return self._known[key_of(each)]

    def put(self, contributors: Iterable[Contributor]) -> None:
        """Write rows for contributors that have none, and their register numbers, in the caller's transaction."""
        if len(self._known) > REMEMBERED:
            self._known.clear()
        missing = {key: each for each in contributors if (key := key_of(each)) not in self._known}
        if not missing:
            return
        stored = _forms({each.name for each in missing.values()})
        found = _Registers([each for each in missing.values() if each.identifiers], stored)
        new: list[tuple] = []
        born: list[tuple] = []
        next_id = (engine.run("SELECT MAX(id) FROM author").fetchone()[0] or 0) + 1
        for key, each in missing.items():
            forms = stored.setdefault((each.name, each.kana), [])
            form = found.form(each, forms)
            if form is None:
                apart = found.apart(each, forms)
                form = Form(next_id + len(new), sort_key.key(each.reading, each.name), apart, each.born)
                forms.append(form)
                new.append((form.id, each.name, each.kana, each.latin, form.sort_key, apart, each.born))
            elif each.born and not form.born:
                forms[forms.index(form)] = form = form._replace(born=each.born)
                born.append((each.born, form.id))
            self._known[key] = form
            found.note(form, each.identifiers)
        engine.run_many(
            "INSERT INTO author (id, name, kana, latin, sort_key, apart, born) VALUES (?, ?, ?, ?, ?, ?, ?)", new
        )
        engine.run_many("UPDATE author SET born = ? WHERE id = ?", born)
        if new:
            engine.ids_were_given("author")
        self.joined |= found.write()


def _forms(wanted: set[str]) -> dict[tuple[str, str], list[Form]]:
    """Return (name, kana) → rows of these names, one without a register number first."""
    found: dict[tuple[str, str], list[Form]] = {}
    sql = "SELECT id, name, kana, sort_key, apart, born FROM author WHERE name IN ({})"
    for number, name, kana, *rest in sorted(engine.rows_among(sql, wanted), key=lambda row: (row[4], row[0])):
        found.setdefault((name, kana), []).append(Form(number, *rest))
    return found


class _Registers:
    """The register numbers of a batch of contributors: their owners in the catalogue, and new ones."""

    def __init__(self, numbered: list[Contributor], stored: dict[tuple[str, str], list[Form]]) -> None:
        wanted = {value for each in numbered for _, value in each.identifiers}
        sql = "SELECT scheme, value, author_id FROM author_identifier WHERE value IN ({})"
        self.owners: dict[Identifier, int] = {
            (scheme, value): form for scheme, value, form in engine.rows_among(sql, wanted)
        }
        namesakes = [form.id for each in numbered for form in stored.get((each.name, each.kana), ())]
        self.creators = heading_names.creators_of({*namesakes, *self.owners.values()})
        forms = heading_names.forms_of(set(self.creators.values()))
        self.creators |= {form: creator for creator, several in forms.items() for form in several}
        self.numbers: dict[int, set[Identifier]] = {}  # by creator
        sql = "SELECT author_id, scheme, value FROM author_identifier WHERE author_id IN ({})"
        for form, *identifier in engine.rows_among(sql, self.creators):
            self.numbers.setdefault(self.creators[form], set()).add((identifier[0], identifier[1]))
        self.new: list[tuple[str, str, int]] = []
        self.joined: list[tuple[int, int]] = []  # pairs of forms of one creator

    def form(self, each: Contributor, forms: list[Form]) -> Form | None:
        """Return the row of a contributor among those of the same name; None when it needs a new one."""
        for form in forms:
            if form.id == each.author_id:
                return form
        owners = {self.creators.get(owner, owner) for one in each.identifiers if (owner := self.owners.get(one))}
        for form in forms:
            if self._creator(form) in owners:
                return form
        may_be = [form for form in forms if not (each.born and form.born) or form.born == each.born]
        may_be = [form for form in may_be if not self._is_another(form, each.identifiers)]
        of_the_year = (form for form in may_be if form.born == each.born != "")
        others = (form for form in may_be if each.identifiers or not form.apart)
        return next(iter((*of_the_year, *others)), None)

    def _creator(self, form: Form) -> int:
        return self.creators.get(form.id, form.id)

    def _is_another(self, form: Form, identifiers: tuple[Identifier, ...]) -> bool:
        """Tell whether the creator of this form has a number in one of these registers, which is another one then."""
        schemes = {scheme for scheme, _ in self.numbers.get(self._creator(form), ())}
        return any(scheme in schemes for scheme, _ in identifiers)

    def apart(self, each: Contributor, forms: list[Form]) -> str:
        """Return ``apart`` of a new row: its first register number or its year; empty for the first row of a name."""
        numbers = (*each.identifiers, *((("born", each.born),) if each.born else ()))
        return ":".join(numbers[0]) if forms and numbers else ""

    def note(self, form: Form, identifiers: tuple[Identifier, ...]) -> None:
        """Note the register numbers of a row, to be written, and the creators that they join."""
        for one in identifiers:
            owner = self.owners.setdefault(one, form.id)
            if owner == form.id and one not in self.numbers.get(self._creator(form), ()):
                self.new.append((*one, form.id))
            elif self.creators.get(owner, owner) != self._creator(form):
                self.joined.append((form.id, owner))
            self.numbers.setdefault(self._creator(form), set()).add(one)

    def write(self) -> set[int]:
        """Write the new numbers, join the creators, and return the creators they were joined to."""
        engine.run_many("INSERT INTO author_identifier (scheme, value, author_id) VALUES (?, ?, ?)", self.new)
        return {creator for form, owner in self.joined if (creator := join_to(form, owner))}


def are_known(stored: Iterable[Contributor], read: Iterable[Contributor]) -> bool:
    """Tell whether the stored contributors are those of the record as it is read now: by year of birth, and with all
    register numbers.
    """
    pairs = list(zip(stored, read, strict=False))
    wanted = {one for _, each in pairs for one in each.identifiers}
    sql = "SELECT scheme, value FROM author_identifier WHERE value IN ({})"
    is_numbered = not wanted - set(engine.rows_among(sql, {value for _, value in wanted}))
    return is_numbered and all(each.born in ("", was.born) for was, each in pairs)


def titles_of(creator_ids: Iterable[int]) -> list[int]:
    """Return the ids of these creators' titles, under any of their names."""
    forms = [form for several in heading_names.forms_of(set(creator_ids)).values() for form in several]
    return sorted(
        {title for (title,) in engine.rows_among("SELECT title_id FROM contributor WHERE author_id IN ({})", forms)}
    )


def join_to(form: int, other: int) -> int | None:
    """Join the creator of ``form`` to the creator of ``other``, and return the id of the latter; None when they are one
    already, or the desk has decided on ``form``.
    """
    sql = "SELECT id, COALESCE(person_id, id), person_fixed FROM author WHERE id IN (?, ?)"
    found = {number: (creator, fixed) for number, creator, fixed in engine.run(sql, (form, other)).fetchall()}
    (mine, is_fixed), (creator, _) = found[form], found[other]
    if mine == creator or is_fixed:
        return None
    engine.run(
        "UPDATE author SET person_id = ? WHERE (id = ? OR person_id = ?) AND NOT person_fixed", (creator, mine, mine)
    ).close()
    return creator
