"""Refusals: a rule refuses by raising a class with its sentence in Japanese beside it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from library.language import sentences


class Fix(NamedTuple):
    """A correction in one press: ``field`` gets ``to``."""

    field: str
    to: str
    label: str

    @property
    def value(self) -> str:
        """Return the value that the button sends."""
        return f"{self.field}:{self.to}"


class Refused(Exception):
    """A rule refuses. ``facts`` fill the blanks of the sentence; ``fix``, if there is one, mends it in one press."""

    sentence = ""
    fix: Fix | None = None

    def __init__(self, **facts: object) -> None:
        super().__init__(facts)
        self.facts = facts
        self.sentence = sentences.Sentence(type(self).sentence, **facts)

    def __str__(self) -> str:
        return self.sentence

    def opening(self, *, stop: bool = False) -> str:
        """Return the first of its sentences. ``stop``: with its full stop."""
        return sentences.Opening(type(self).sentence, stop=stop, **self.facts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Refused) and type(self) is type(other) and self.facts == other.facts

    def __hash__(self) -> int:
        return hash((type(self), tuple(sorted(self.facts.items()))))


def refusal(sentence: str, *, base: type[Refused] = Refused) -> type[Refused]:
    """Return a class of refusals with this sentence. It is called as ``named`` finds it."""
    return type("Unnamed", (base,), {"sentence": sentence})


def named(namespace: Mapping[str, object]) -> dict[str, type[Refused]]:
    """Return the refusals of a namespace, each called as it is there: audit, log and cookies write the name."""
    found = {name: kind for name, kind in namespace.items() if isinstance(kind, type) and issubclass(kind, Refused)}
    for name, kind in found.items():
        kind.__name__ = kind.__qualname__ = name
        kind.__module__ = "library.errors"
    return found


class RefusedTogether(Exception):
    """Several fields of one form are refused. ``by_field``: field name → list of Refused."""

    def __init__(self, by_field: Mapping[str, Sequence[Refused]]) -> None:
        super().__init__(by_field)
        self.by_field = by_field


class Refusals(Exception):
    """A rule refuses, with all reasons that apply: a list of Refused."""

    def __init__(self, reasons: Sequence[Refused]) -> None:
        super().__init__(reasons)
        self.reasons = reasons

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """Return the sentences of all reasons."""
        return sentences.Joined(reason.sentence for reason in self.reasons)
