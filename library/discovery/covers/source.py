"""The source of covers (COVERS_URL): whose pictures are here, how it answered last, and until when it is left alone."""

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
    """State of the source ``url``. ``faults`` in a row, of which ``fault`` is the last: unreachable, picture, or the status of an answer.
    ``left``: ISBNs that are still to be asked for. ``looked_at``: when the catalogue was last looked through for those that came and went.
    """

    url: str = ""
    faults: int = 0
    fault: str = ""
    rests_until: str = ""
    left: int = 0
    looked_at: str = ""

    def resting_until(self, now: datetime) -> datetime | None:
        """Return the moment until which it is left alone; None where it is asked."""
        until = datetime.fromisoformat(self.rests_until) if self.rests_until else now
        return until if until > now else None

    def is_to_look(self, now: datetime) -> bool:
        """Tell if it is time to look through the catalogue, which takes seconds in a large one."""
        return not self.looked_at or abs(now - datetime.fromisoformat(self.looked_at)) >= LOOK_EVERY

    def without_fault(self) -> "Source":
        """Return the state after an answer, be there a picture or not."""
        return replace(self, faults=0, fault="", rests_until="")

    def with_fault(self, fault: str, *, now: datetime, wholly: bool = False) -> "Source":
        """Return the state after another fault. Left alone from FAULTS on, or at once where the source says so (``wholly``): one hour, twice as
        long after each attempt that fails, LONGEST_REST at most.
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
