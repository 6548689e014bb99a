"""An invented catalogue of any size, the same each time: Japanese titles whose words are as unequally common as in a
library.

The words are those of the class captions, and compounds of their kanji; each kanji has one reading, so that a word
reads alike wherever it stands. The n-th word is taken with a weight of 1/(n + 20).
"""

import random
import re
from bisect import bisect
from functools import cache
from itertools import accumulate

import _server

from library.catalog import isbn, ndc, records
from library.catalog.folding import sort_key
from library.catalog.fulltext import index
from library.catalog.records import Contributor, Record
from library.store import engine
from models import Branch, database as connection

ROOT = _server.ROOT
WORDS, AUTHORS_PER_TITLE, PUBLISHERS = 20_000, 0.35, 1_500
BRANCHES = ("中央館", "北館", "南館", "東館", "西館", "移動図書館")
BATCH, INDEXED_AT_ONCE = 5_000, 200
_KANJI = re.compile("[一-鿿]{1,4}")
_KATAKANA = re.compile("[ァ-ヴー]{3,}")
_SOUNDS = (
    "こう しょう かん せい とう し か き けん そう ちょう しん く えん ほう きょう た りつ ぶん がく どう さく もく げん ご "
    "やま かわ みず ひと とき ひ は さ と み つき おう よう りょう てん でん じん ぜん ばん び ぼう ごう れき げい ざい いん あん うん"
).split()
_PATTERNS = (
    ("{0}の{1}", "{0} ノ {1}", 14), ("{0}{1}", "{0} {1}", 12), ("{0}と{1}", "{0} ト {1}", 8), ("{0}入門", "{0} ニュウモン", 5),
    ("はじめての{0}", "ハジメテ ノ {0}", 3), ("{0}は{1}である", "{0} ワ {1} デ アル", 2), ("{0}への{1}", "{0} エノ {1}", 2),
    ("図説{0}", "ズセツ {0}", 2), ("{0}を考える", "{0} オ カンガエル", 3), ("{0}", "{0}", 8), ("{0}概論", "{0} ガイロン", 3),
    ("{0}・{1}{2}", "{0} {1} {2}", 4), ("{0}の{1}と{2}", "{0} ノ {1} ト {2}", 6), ("よくわかる{0}", "ヨク ワカル {0}", 2),
    ("{0}百科", "{0} ヒャッカ", 1), ("Introduction to {0}", "イントロダクション トゥ {0}", 1),
)  # fmt: skip
_SERIES = ("講談叢書", "岩波文庫", "新書", "ちくま学芸文庫", "図説シリーズ", "")


class Unequal:
    """Choices of which the n-th is taken with a weight of 1/(n + 20)."""

    def __init__(self, choices, power=1.0):
        self.choices = choices
        self.weights = list(accumulate(1 / (place + 20) ** power for place in range(len(choices))))

    def take(self, chance):
        return self.choices[bisect(self.weights, chance.random() * self.weights[-1])]


@cache
def reading(word):
    """Return the word in katakana: one sound a kanji, always the same; kana as it is."""
    sounds = (_SOUNDS[hash_of(letter) % len(_SOUNDS)] if "一" <= letter <= "鿿" else letter for letter in word)
    return "".join(sounds).translate({code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)})


def hash_of(letter):
    return ord(letter) * 2654435761 % 2**32 >> 12


@cache
def words():
    """Return WORDS words, the common ones first; the order is arbitrary."""
    chance = random.Random("words")
    text = (ROOT / "library" / "catalog" / "ndc.tsv").read_text(encoding="utf-8")
    found = list(dict.fromkeys(_KANJI.findall(text) + _KATAKANA.findall(text)))
    chance.shuffle(found)
    kanji = Unequal(list(dict.fromkeys(letter for word in found for letter in word if letter >= "一")), 0.7)
    made = dict.fromkeys(found)
    while len(made) < WORDS:
        made.setdefault("".join(kanji.take(chance) for _ in range(chance.choice((2, 2, 2, 3, 4)))))
    return list(made)


def titles(count, seed="titles"):
    """Yield so many records."""
    chance = random.Random(seed)
    word = Unequal(words())
    patterns = [pattern for *pattern, weight in _PATTERNS for _ in range(weight)]
    authors = Unequal(_people(max(10, int(count * AUTHORS_PER_TITLE))), 0.6)
    publishers = Unequal(
        [word.take(chance) + chance.choice(("社", "書房", "出版", "館", "書店")) for _ in range(PUBLISHERS)]
    )
    classes = [code for code in ndc._captions() if len(code) == 3]
    for number in range(count):
        yield _title(number, chance, word, patterns, authors, publishers, classes)


def _title(number, chance, word, patterns, authors, publishers, classes):
    shown, spoken = chance.choice(patterns)
    taken = [word.take(chance) for _ in range(3)]
    people = [authors.take(chance) for _ in range(chance.choice((1, 1, 1, 2)))]
    year = 2026 - int(chance.random() ** 2 * 70)
    number_9 = f"4{number % 10**8:08}"
    subject = word.take(chance)
    return Record(
        title=shown.format(*taken),
        title_kana=spoken.format(*map(reading, taken)),
        source="made",
        source_id=str(number),
        subtitle=word.take(chance) + "をめぐって" if chance.random() < 0.2 else "",
        volume=str(chance.randint(1, 9)) if chance.random() < 0.15 else "",
        series=word.take(chance) + chance.choice(_SERIES) if chance.random() < 0.2 else "",
        contributors=people,
        author="; ".join(f"{person.name} 著" for person in people),
        publisher=publishers.take(chance),
        year=year,
        year_text=str(year),
        isbns=[next(filter(None, (isbn.normalise(f"{number_9}{digit}") for digit in "0123456789X")))],
        ndc=chance.choice(classes),
        subjects=[(subject, reading(subject))],
        material_type=chance.choices(("図書", "雑誌", "視聴覚"), (90, 6, 4))[0],
        audience=chance.choices(("一般", "児童"), (85, 15))[0],
        language="jpn",
    )


def _people(count):
    chance = random.Random("people")
    kanji = Unequal(list(dict.fromkeys(letter for word in words()[:3000] for letter in word if letter >= "一")), 0.5)
    people = []
    for _ in range(count):
        family, given = (kanji.take(chance) + kanji.take(chance) for _ in range(2))
        kana = f"{reading(family)}, {reading(given)}"
        people.append(Contributor(f"{family}, {given}", kana, "著"))
    return people


def store(count, *, put, progress=None):
    """Write so many titles with one to three copies each into the open database; ``put(pairs)`` is called for each
    batch.
    """
    branches = _branches()
    chance, people, barcode, batch = random.Random("copies"), {}, 0, []
    for number, record in enumerate(titles(count), 1):
        batch.append((number, record))
        if len(batch) == BATCH or number == count:
            with connection.atomic():
                barcode = _write(batch, people, branches, chance, barcode)
                put(batch)
            batch = []
            if progress:
                progress(number)


def put_in_index(pairs):
    """Put these titles into the index, in batches as an import has them; for ``store``."""
    for first in range(0, len(pairs), INDEXED_AT_ONCE):
        index.put(pairs[first : first + INDEXED_AT_ONCE])


def _branches():
    """Return the ids of the branches that are there, else of new ones."""
    return [row.id for row in Branch.select()] or [
        Branch.get_or_create(name=name, defaults={"code": f"M{place}", "position": place})[0].id
        for place, name in enumerate(BRANCHES)
    ]


_TITLE = (
    "id", "source", "source_id", "title", "title_kana", "subtitle", "volume", "series", "author", "author_kana",
    "publisher", "place", "year", "year_text", "isbn", "isbn_text", "ndc", "subjects", "material_type", "audience",
    "language", "extent", "price", "note", "accession_date", "sort_key", "author_sort_key", "shelf_key",
)  # fmt: skip


def write_titles(pairs, source_id):
    """Write the titles alone, without copies; the id of each in its source begins so."""
    for number, record in pairs:
        record.source_id = f"{source_id}{number}"
    _insert("title", _TITLE, (_row(number, record) for number, record in pairs))


def _write(batch, people, branches, chance, barcode):
    _insert("title", _TITLE, (_row(number, record) for number, record in batch))
    new, links, items = [], [], []
    for number, record in batch:
        for position, person in enumerate(record.contributors):
            if (person.name, person.kana) not in people:
                people[person.name, person.kana] = len(people) + 1
                new.append(
                    (len(people), person.name, person.kana, person.latin, sort_key.key(person.kana, person.name))
                )
            links.append((number, position, people[person.name, person.kana], person.role))
        for branch in chance.sample(branches, chance.choices((1, 2, 3), (60, 30, 10))[0]):
            barcode += 1
            key = ndc.shelf_key(record.ndc)
            items.append((number, f"{barcode:010}", branch, "一般", record.ndc, "図書", "available", key))
    _insert("author", ("id", "name", "kana", "latin", "sort_key"), new)
    _insert("contributor", ("title_id", "position", "author_id", "role"), links, "ON CONFLICT DO NOTHING")
    columns = ("title_id", "barcode", "branch_id", "shelf", "call_number", "material_type", "state", "shelf_key")
    _insert("item", columns, items)
    for table in ("title", "author"):
        engine.ids_were_given(table)
    return barcode


def _row(number, record):
    first = record.contributors[0]
    return (
        number, record.source, record.source_id, record.title, record.title_kana, record.subtitle, record.volume,
        record.series, record.author, "", record.publisher, "", record.year, record.year_text, record.isbns[0],
        record.isbns[0], record.ndc, records.join_subjects(record.subjects), record.material_type, record.audience,
        record.language, "", "", "", f"{2000 + number % 26}-{number % 12 + 1:02}-{number % 28 + 1:02}",
        sort_key.key(record.title_kana, record.title), sort_key.key(first.kana, first.name), ndc.shelf_key(record.ndc),
    )  # fmt: skip


def _insert(table, columns, rows, how=""):
    blanks = ", ".join("?" * len(columns))
    engine.run_many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({blanks}) {how}", list(rows))
