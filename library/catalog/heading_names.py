"""Names of creators: the forms of each name that records have, the creator behind each form, and the creator's other
names.

A creator's id is the id of the form under which the creator stands.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from library.catalog.folding import fold, romaji
from library.store import engine

OTHER, SEE_ALSO = "別名", "をも見よ"  # kinds of names in authority records
_PART = re.compile(r"[\s,，、・＝=]+")  # between the parts of a name

_INVERTED = re.compile(r"[^\s,]+, [^(]*\Z")  # 夏目, 漱石; Press, Petra
# words that end the name of a body, some of which end names of persons, too: 皆川淇園, 岸本水府
_ENDS_BODY = re.compile(
    r"(?:..(?:省|庁|[廳縣會]|局|[部課係]|室|院|署|会|社|団|党|県|都|市|郡|町|区|館|校|大学|公庫|基金|文庫|同盟|連盟|連合|組合|財団|法人|"
    r"機構|書[店房]|出版|新聞|銀行|会議|[班軍場]|センター|グループ|プロジェクト|チーム|シンポジウム|セミナー|クラブ|フォーラム)"
    r"|.{4}(?:所|園|府|道|村|国|寺|台))(?: ?[(．].*)?\Z"
)
_LATIN_BODY = re.compile(
    r"\(|\b(?:Univ|Inst|Commi|Congr|Depart|Minist|Societ|Assoc|Counc|Agenc|Bureau|Offic|Organi|Found|Cent(?:er|re)\b|Librar|Museum|"
    r"United|Great Britain|Japan|Confer|National|International|State|Galler|College|School|Church|Group|Compan|Corp|Inc\b|Ltd|"
    r"Press|House|Bank\b|Board|Court|Service|Federat|Union|Academ|Laborat|Divis|Program|Project|Team|Club|Trust|Authorit|"
    r"Admin|Collect|Sympos|Workshop|Network|County|City|Research)"
)


class Name(NamedTuple):
    """A name of a creator: as written, in kana, romanised."""

    name: str
    kana: str
    latin: str

    @property
    def reading(self) -> str:
        """The reading in kana; empty when there is none."""
        return self.kana


def creators_of(author_ids: Collection[int]) -> dict[int, int]:
    """Return form id → creator id of these forms."""
    return dict(engine.rows_among("SELECT id, COALESCE(person_id, id) FROM author WHERE id IN ({})", set(author_ids)))


def creators_of_forms_under_others() -> dict[int, int]:
    """Return form id → creator id of all forms that stand under another form."""
    return dict(engine.run("SELECT id, person_id FROM author WHERE person_id IS NOT NULL").fetchall())


def forms_of(creator_ids: Collection[int]) -> dict[int, list[int]]:
    """Return creator id → ids of the creator's forms, beginning with the creator's own."""
    forms = {creator: [creator] for creator in creator_ids}
    for form, creator in engine.rows_among(
        "SELECT id, person_id FROM author WHERE person_id IN ({}) ORDER BY id", forms
    ):
        forms[creator].append(form)
    return forms


# all forms of the creators of the chosen forms, then the names of these and of authority records; no rows are read in a
# catalogue in which
# no creator has several names
_OTHERS = """
WITH chosen AS (
    SELECT id, person_id FROM author
    WHERE (EXISTS (SELECT 1 FROM author WHERE person_id IS NOT NULL) OR EXISTS (SELECT 1 FROM author_name)) AND id IN ({})
), form (chosen, id) AS (
    SELECT id, id FROM chosen
    UNION SELECT id, person_id FROM chosen WHERE person_id IS NOT NULL
    UNION SELECT chosen.id, author.id FROM chosen JOIN author ON author.person_id = chosen.id
    UNION SELECT chosen.id, author.id FROM chosen JOIN author ON author.person_id = chosen.person_id
)
SELECT form.chosen, author.name, author.kana, author.latin, author.id, -1 AS position
FROM form JOIN author ON author.id = form.id WHERE form.id <> form.chosen
UNION ALL
SELECT form.chosen, author_name.name, author_name.kana, author_name.latin, form.id, author_name.position
FROM form JOIN author_name ON author_name.author_id = form.id WHERE author_name.kind = '別名'
"""


def other_names(author_ids: Collection[int]) -> dict[int, tuple[Name, ...]]:
    """Return form id → other names of its creator, only for forms whose creator has some: one query for some hundreds
    of ids.
    """
    found: dict[int, dict[Name, None]] = {}
    for form, name, kana, latin, *_ in sorted(
        engine.rows_among(_OTHERS, set(author_ids)), key=lambda row: (row[5], row[4])
    ):
        found.setdefault(form, {})[Name(name, kana, latin)] = None
    return {form: tuple(several) for form, several in found.items()}


def written_forms(name: str) -> Iterable[str]:
    """Return a name as different records write it: 夏目, 漱石 and 夏目漱石 and 夏目 漱石."""
    return name, name.replace(", ", ""), name.replace(", ", " "), name.replace(",", "")


def is_body(name: str) -> bool:
    """Tell whether a name is that of a body (団体), by its words, as records seldom say so."""
    if _INVERTED.match(name):
        return False
    return bool(_LATIN_BODY.search(name) or _ENDS_BODY.search(name.replace("－", "ー")))


def typed_spellings(text: str) -> list[str]:
    """Return the spellings meant by a typed name: the text itself, and the possible kana of romaji."""
    return [text, *romaji.readings(text.replace(" ", ""))]


def first_beginning(several: Iterable[Name], spelled: Iterable[str]) -> Name | None:
    """Return the first of a creator's names that begins, or one of whose parts begins, with one of the spellings; None
    when none does. In a name without separate parts, as in kanji, the given name may begin anywhere.
    """
    wanted = [key for each in spelled if (key := fold.strict(each))]
    return next((name for name in several if _begins(name, wanted)), None)


def _begins(name: Name, wanted: Sequence[str]) -> bool:
    for parts in (_PART.split(text) for text in name if text):
        begins = [fold.strict("".join(parts[place:])) for place in range(len(parts))]
        if any(text.startswith(key) or (key in text and len(parts) == 1) for text in begins for key in wanted):
            return True
    return False
