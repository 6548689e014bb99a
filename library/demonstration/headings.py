"""An edition in volumes, numbered series, and authority records of creators and subjects."""

from datetime import date

from library.catalog import heading_names
from library.catalog.records import Record
from library.catalog.shown import subject_page
from library.demonstration import rows
from models import Creator, CreatorName, Subject, SubjectLink

SERIES = {"榊野書店": "榊野文庫"}  # of a publisher all that is for adults
SOSEKI = ("夏目漱石", "ナツメ ソウセキ")
# volume, ISBN, extent
VOLUMES = (("上", "979-4-41-900001-0", "288p ; 15cm"), ("下", "979-4-41-900002-7", "304p ; 15cm"))
OTHER_NAMES = {"夏目漱石": ("夏目金之助", "ナツメ キンノスケ"), "芥川竜之介": ("芥川龍之介", "アクタガワ リュウノスケ")}
NEAR = {"図書館": (("読書", "関連語"), ("図書館員", "下位語"))}


class Numbering:
    """Gives the titles of a publisher consecutive numbers in its series."""

    def __init__(self) -> None:
        self.last: dict[str, int] = {}

    def series(self, publisher: str, audience: str) -> str:
        """Return the series with the next number, 「名前 ; 3」; empty for a publisher without one, and for other than
        一般.
        """
        name = SERIES.get(publisher) if audience == "一般" else None
        if name is None:
            return ""
        self.last[name] = self.last.get(name, 0) + 1
        return f"{name} ; {self.last[name]}"


def volumes(source: str, day: date) -> list[Record]:
    """Return an edition of a novel in two volumes; their source ids come after those of all other titles."""
    return [
        Record(
            source=source,
            source_id=f"9{number:05}",
            title="行人",
            title_kana="コウジン",
            volume=volume,
            author=SOSEKI[0],
            contributors=[rows.contributor(*SOSEKI)],
            publisher="篁文社",
            year=2012,
            year_text="2012",
            series=f"篁文社名作選 ; {number}",
            isbns=[isbn],
            ndc="913",
            language="jpn",
            extent=extent,
            price="900円",
            subjects=[("小説", ""), ("家族", "")],
            accession_date=day,
        )
        for number, (volume, isbn, extent) in enumerate(VOLUMES, 1)
    ]


def write_authorities() -> None:
    """Write other names of creators, and words related to a subject."""
    for name, other in OTHER_NAMES.items():
        form = Creator.get_or_none(Creator.name == name)
        if form:
            CreatorName.create(author=form, position=0, kind=heading_names.OTHER, name=other[0], kana=other[1])
    for name, near in NEAR.items():
        subject = Subject.get_or_none(Subject.name == name)
        for position, (other, relation) in enumerate(near if subject else ()):
            SubjectLink.create(
                subject=subject, position=position, kind=subject_page.SEE_ALSO, name=other, relation=relation
            )


def renamed() -> list[int]:
    """Return the ids of creators with other names."""
    return [
        author.id
        for author in Creator.select(Creator.id).where(Creator.name.in_(list(OTHER_NAMES))).order_by(Creator.id)
    ]
