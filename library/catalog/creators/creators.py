"""著者: the people of titles as rows of their own: one form of a name each, and which forms are one person.

Who has the same number in a register (NDL, VIAF, ISNI) is one person, under whatever name; two of one name with two numbers are two.
What somebody at the desk has said stays (docs/adr/0093-headings.md).
"""

from collections.abc import Iterable
from typing import NamedTuple

from library.catalog import heading_names
from library.catalog.folding import sort_key
from library.catalog.records import Contributor, Identifier
from library.store import engine

REMEMBERED = 20_000  # people whose rows are known without asking
Key = tuple[str, str, tuple[Identifier, ...], int]


class Form(NamedTuple):
    """A row of an author: its id, its key of order, and what parts it from others of the same name."""

    id: int
    sort_key: str
    apart: str = ""


def key_of(each: Contributor) -> Key:
    """Return what tells whether two contributors have one row."""
    return each.name, each.kana, each.identifiers, each.author_id


class People:
    """Find the row of each contributor, and remember between batches who is there. Forget everything after a rollback."""

    def __init__(self) -> None:
        self._known: dict[Key, Form] = {}
        self.joined: set[int] = set()  # people who were found to be one with others, until somebody has told the index

    def forget(self) -> None:
        self._known.clear()

    def __getitem__(self, each: Contributor) -> Form:
        return self._known[key_of(each)]

    def put(self, contributors: Iterable[Contributor]) -> None:
        """Give rows to those that have none, and note the numbers that they have."""
        if len(self._known) > REMEMBERED:
            self._known.clear()
        missing = {key: each for each in contributors if (key := key_of(each)) not in self._known}
        if not missing:
            return
        there = _forms({each.name for each in missing.values()})
        found = _Registers([each for each in missing.values() if each.identifiers], there)
        new: list[tuple] = []
        next_id = (engine.run("SELECT MAX(id) FROM author").fetchone()[0] or 0) + 1
        for key, each in missing.items():
            forms = there.setdefault((each.name, each.kana), [])
            form = found.form(each, forms)
            if form is None:
                apart = found.apart(each, forms)
                form = Form(next_id + len(new), sort_key.key(each.reading, each.name), apart)
                forms.append(form)
                new.append((form.id, each.name, each.kana, each.latin, form.sort_key, apart))
            self._known[key] = form
            found.note(form, each.identifiers)
        engine.run_many("INSERT INTO author (id, name, kana, latin, sort_key, apart) VALUES (?, ?, ?, ?, ?, ?)", new)
        if new:
            engine.ids_were_given("author")
        self.joined |= found.write()


def _forms(wanted: set[str]) -> dict[tuple[str, str], list[Form]]:
    """Return the rows there are of these names, the one of nobody's number first."""
    found: dict[tuple[str, str], list[Form]] = {}
    sql = "SELECT id, name, kana, sort_key, apart FROM author WHERE name IN ({})"
    for number, name, kana, key, apart in sorted(
        heading_names.rows_among(sql, wanted), key=lambda row: (row[4], row[0])
    ):
        found.setdefault((name, kana), []).append(Form(number, key, apart))
    return found


class _Registers:
    """The numbers in registers that play a part in a batch: who has them, and who has them from now on."""

    def __init__(self, numbered: list[Contributor], there: dict[tuple[str, str], list[Form]]) -> None:
        wanted = {value for each in numbered for _, value in each.identifiers}
        sql = "SELECT scheme, value, author_id FROM author_identifier WHERE value IN ({})"
        self.owners: dict[Identifier, int] = {
            (scheme, value): form for scheme, value, form in heading_names.rows_among(sql, wanted)
        }
        alike = [form.id for each in numbered for form in there.get((each.name, each.kana), ())]
        self.people = heading_names.people_of({*alike, *self.owners.values()})
        forms = heading_names.forms_of(set(self.people.values()))
        self.people |= {form: person for person, several in forms.items() for form in several}
        self.numbers: dict[int, set[Identifier]] = {}  # by person
        sql = "SELECT author_id, scheme, value FROM author_identifier WHERE author_id IN ({})"
        for form, *identifier in heading_names.rows_among(sql, self.people):
            self.numbers.setdefault(self.people[form], set()).add((identifier[0], identifier[1]))
        self.new: list[tuple[str, str, int]] = []
        self.joined: list[tuple[int, int]] = []  # of forms: one, and one of the same person

    def form(self, each: Contributor, forms: list[Form]) -> Form | None:
        """Return the row of a contributor among those of the same name; None where it needs another one."""
        for form in forms:
            if form.id == each.author_id:
                return form
        if not each.identifiers:
            return next((form for form in forms if not form.apart), None)
        people = {self.people.get(owner, owner) for one in each.identifiers if (owner := self.owners.get(one))}
        for form in forms:
            if self._person(form) in people:
                return form
        return next((form for form in forms if not self._is_another(form, each.identifiers)), None)

    def _person(self, form: Form) -> int:
        return self.people.get(form.id, form.id)

    def _is_another(self, form: Form, identifiers: tuple[Identifier, ...]) -> bool:
        """Tell whether the person of this form has another number in a register."""
        schemes = {scheme for scheme, _ in self.numbers.get(self._person(form), ())}
        return any(scheme in schemes for scheme, _ in identifiers)

    def apart(self, each: Contributor, forms: list[Form]) -> str:
        """Return what parts a new row from those of the same name."""
        return ":".join(each.identifiers[0]) if forms and each.identifiers else ""

    def note(self, form: Form, identifiers: tuple[Identifier, ...]) -> None:
        for one in identifiers:
            owner = self.owners.setdefault(one, form.id)
            if owner == form.id and one not in self.numbers.get(self._person(form), ()):
                self.new.append((*one, form.id))
            elif self.people.get(owner, owner) != self._person(form):
                self.joined.append((form.id, owner))
            self.numbers.setdefault(self._person(form), set()).add(one)

    def write(self) -> set[int]:
        """Write what is new, and return the people who were joined."""
        engine.run_many("INSERT INTO author_identifier (scheme, value, author_id) VALUES (?, ?, ?)", self.new)
        return {person for form, owner in self.joined if (person := follow(form, owner))}


def are_noted(contributors: Iterable[Contributor]) -> bool:
    """Tell whether all numbers of these contributors are known as those of somebody."""
    wanted = {one for each in contributors for one in each.identifiers}
    sql = "SELECT scheme, value FROM author_identifier WHERE value IN ({})"
    return not wanted - set(heading_names.rows_among(sql, {value for _, value in wanted}))


def titles_of(people: Iterable[int]) -> list[int]:
    """Return the titles that these people have made, under whatever name."""
    forms = [form for several in heading_names.forms_of(set(people)).values() for form in several]
    return sorted(
        {
            title
            for (title,) in heading_names.rows_among("SELECT title_id FROM contributor WHERE author_id IN ({})", forms)
        }
    )


def follow(form: int, other: int) -> int | None:
    """Have a form, with those that stand under it, be the person of another, and return that one; None where the desk has said who it is, or
    it is so already.
    """
    sql = "SELECT id, COALESCE(person_id, id), person_fixed FROM author WHERE id IN (?, ?)"
    found = {number: (person, fixed) for number, person, fixed in engine.run(sql, (form, other)).fetchall()}
    (mine, is_fixed), (person, _) = found[form], found[other]
    if mine == person or is_fixed:
        return None
    engine.run(
        "UPDATE author SET person_id = ? WHERE (id = ? OR person_id = ?) AND NOT person_fixed", (person, mine, mine)
    ).close()
    return person
