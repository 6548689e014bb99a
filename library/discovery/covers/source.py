"""The source of covers (COVERS_URL): its last answers, and until when it is not asked."""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from library.store import database
from models import Setting

STORED = "covers"  # the setting that holds it
FAULTS = 10  # in a row, after which the source is left alone
LONGEST_REST = 24  # hours
LOOK_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class Source:
    """The state of the source ``url``: ``faults`` in a row, the last being ``fault`` (unreachable, picture, or a
    status).

    ``left``: number of ISBNs still to ask for. ``looked_at``: when ``catalogue.tidy`` ran last.
    """

    url: str = ""
    faults: int = 0
    fault: str = ""
    rests_until: str = ""
    left: int = 0
    looked_at: str = ""

    def resting_until(self, now: datetime) -> datetime | None:
        """Return the moment until which the source is not asked; None if it may be asked now."""
        until = datetime.fromisoformat(self.rests_until) if self.rests_until else now
        return until if until > now else None

    def is_to_look(self, now: datetime) -> bool:
        """Tell whether it is time for ``catalogue.tidy``, which takes seconds in a large catalogue."""
        return not self.looked_at or abs(now - datetime.fromisoformat(self.looked_at)) >= LOOK_EVERY

    def without_fault(self) -> "Source":
        """Return the state after an answer, with or without a picture."""
        return replace(self, faults=0, fault="", rests_until="")

    def with_fault(self, fault: str, *, now: datetime, wholly: bool = False) -> "Source":
        """Return the state after another fault.

        From FAULTS faults on, or at once if the source asked for it (``wholly``), it rests: one hour, then twice as
        long each time, up to LONGEST_REST.
        """
        faults = max(self.faults + 1, FAULTS if wholly else 0)
        if faults < FAULTS:
            return replace(self, faults=faults, fault=fault)
        until = now + timedelta(hours=min(2 ** min(faults - FAULTS, 10), LONGEST_REST))
        return replace(self, faults=faults, fault=fault, rests_until=until.astimezone(UTC).isoformat())


def read() -> Source:
    row = Setting.get_or_none(Setting.name == STORED)
    return Source(**row.value) if row else Source()


def write(source: Source) -> None:
    stored = Setting.insert(name=STORED, value=asdict(source))
    with database.writing():
        stored.on_conflict(conflict_target=[Setting.name], preserve=[Setting.value]).execute()
