"""CQL, the query language of SRU (loc.gov/standards/sru/cql): a text becomes a tree, or is refused with a diagnostic.

AND, OR and NOT (and not) have equal rank and are read from left to right; brackets go first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

LONGEST = 2000  # letters of a query
MOST_CLAUSES, DEEPEST = 20, 10
UNSUPPORTED_OPERATION, UNSUPPORTED_VERSION, BAD_VALUE, MISSING = 4, 5, 6, 7
SYNTAX, NO_INDEX, NO_RELATION = 10, 16, 19
OUT_OF_RANGE, NO_SCHEMA, NO_PACKING = 61, 66, 71
BOOLEANS = ("and", "or", "not")
_TOKEN = re.compile(r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<sign>==|<>|<=|>=|[=<>()/])|(?P<word>[^\s()=<>/"]+))', re.S)
_ESCAPED = re.compile(r"\\(.)", re.S)


class Diagnostic(Exception):
    """A refused query with its code (loc.gov/standards/sru/diagnostics); ``details`` names the wrong part."""

    def __init__(self, code: int, details: str = "") -> None:
        super().__init__(code, details)
        self.code, self.details = code, details


@dataclass(frozen=True)
class Clause:
    """An index, a relation and a term; a term alone has the index ``cql.serverchoice``."""

    index: str
    relation: str
    term: str


@dataclass(frozen=True)
class Both:
    """Two parts that ``and``, ``or`` or ``not`` joins."""

    boolean: str
    left: "Tree"
    right: "Tree"


Tree = Clause | Both


class Sort(NamedTuple):
    name: str
    descending: bool


class Asked(NamedTuple):
    tree: Tree
    sorts: tuple[Sort, ...]


class _Token(NamedTuple):
    kind: str
    text: str


def parse(text: str) -> Asked:
    """Return the tree and the sort keys of a CQL text. Raises: Diagnostic."""
    if len(text) > LONGEST:
        raise Diagnostic(SYNTAX, f"longer than {LONGEST}")
    parser = _Parser(list(_tokens(text)))
    tree = parser.joined(0)
    sorts = parser.sorts() if parser.takes_word("sortby") else ()
    if parser.next is not None:
        raise Diagnostic(SYNTAX, parser.next.text)
    return Asked(tree, sorts)


def _tokens(text: str) -> Iterator[_Token]:
    place, text = 0, text.rstrip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if not found:
            raise Diagnostic(SYNTAX, text[place : place + 20])
        place, kind = found.end(), found.lastgroup or ""
        yield _Token(kind, _ESCAPED.sub(r"\1", found[kind][1:-1]) if kind == "text" else found[kind])


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._place, self._clauses = tokens, 0, 0

    @property
    def next(self) -> _Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _take(self) -> _Token:
        found = self.next
        if found is None:
            raise Diagnostic(SYNTAX, "unexpected end")
        self._place += 1
        return found

    def _takes_sign(self, sign: str) -> bool:
        return self._takes("sign", sign)

    def takes_word(self, word: str) -> bool:
        return self._takes("word", word)

    def _takes(self, kind: str, text: str) -> bool:
        found = self.next is not None and self.next.kind == kind and self.next.text.lower() == text
        self._place += found
        return found

    def joined(self, depth: int) -> Tree:
        tree = self._part(depth)
        while boolean := next((each for each in BOOLEANS if self.takes_word(each)), None):
            if self._takes_sign("/"):
                raise Diagnostic(SYNTAX, "boolean modifier")
            tree = Both(boolean, tree, self._part(depth))
        return tree

    def _part(self, depth: int) -> Tree:
        if self._takes_sign("("):
            if depth == DEEPEST:
                raise Diagnostic(SYNTAX, f"deeper than {DEEPEST}")
            tree = self.joined(depth + 1)
            if not self._takes_sign(")"):
                raise Diagnostic(SYNTAX, "missing )")
            return tree
        self._clauses += 1
        if self._clauses > MOST_CLAUSES:
            raise Diagnostic(SYNTAX, f"more than {MOST_CLAUSES} clauses")
        return self._clause()

    def _clause(self) -> Clause:
        first = self._term()
        if first.kind == "text" or not self._has_relation():
            return Clause("cql.serverchoice", "=", first.text)
        relation = self._take().text.lower()
        if self._takes_sign("/"):
            raise Diagnostic(NO_RELATION, f"{relation}/{self._term().text}")
        return Clause(first.text.lower(), relation, self._term().text)

    def _has_relation(self) -> bool:
        found = self.next
        if found is None or found.text in ("(", ")", "/"):
            return False
        return found.kind == "sign" or (found.kind == "word" and found.text.lower() not in (*BOOLEANS, "sortby"))

    def _term(self) -> _Token:
        found = self._take()
        if found.kind == "sign" or (found.kind == "word" and found.text.lower() in (*BOOLEANS, "sortby")):
            raise Diagnostic(SYNTAX, found.text)
        return found

    def sorts(self) -> tuple[Sort, ...]:
        found = []
        while self.next is not None:
            index, descending = self._term().text.lower(), False
            while self._takes_sign("/"):
                descending = self._term().text.lower().endswith("descending")
            found.append(Sort(index, descending))
        if not found:
            raise Diagnostic(SYNTAX, "sortBy")
        return tuple(found)
