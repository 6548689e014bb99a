"""What a refusal is, and the table in which each has its sentence."""

WORDING = {}  # class → sentence; filled beside the classes


class Refused(Exception):
    """A rule says no. ``facts`` fill the blanks of the sentence."""

    def __init__(self, **facts):
        super().__init__(facts)
        self.facts = facts

    @property
    def sentence(self) -> str:
        return WORDING[type(self)].format(**self.facts)

    def __str__(self):
        return self.sentence

    def __eq__(self, other):
        return type(self) is type(other) and self.facts == other.facts

    def __hash__(self):
        return hash((type(self), tuple(sorted(self.facts.items()))))


class RefusedTogether(Exception):
    """Several fields of one form are refused. ``by_field``: field name → list of Refused."""

    def __init__(self, by_field):
        super().__init__(by_field)
        self.by_field = by_field


class Refusals(Exception):
    """A rule says no, with all reasons that apply: a list of Refused."""

    def __init__(self, reasons):
        super().__init__(reasons)
        self.reasons = reasons

    def __str__(self):
        return "".join(reason.sentence for reason in self.reasons)
