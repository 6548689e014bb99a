"""Editions for people whom print does not serve, so that 利用しやすい形式 can be seen."""

from dataclasses import replace
from datetime import date

from library.catalog.codes import accessible
from library.catalog.records import Contributor, Record
from library.demonstration import headings

TACTILE = "点字と、さわって分かる絵が付いています。見て読むこともできます。"
PLAYER = "再生するには、DAISYの再生機か、パソコンやスマートフォンの無料のソフトが必要です。"
# title, reading, author with reading, publisher, ISBN, children's or not, subjects, what else is known of it
EDITIONS = (
    ("三四郎", "サンシロウ", headings.SOSEKI, "榊野書店", "979-4-37-900011-2", False, "小説；大学生",
     {"series": "榊野大活字文庫 ; 1", "extent": "568p ; 22cm", "price": "3,200円"}),
    ("高瀬舟", "タカセブネ", ("森鴎外", "モリ オウガイ"), "榊野書店", "979-4-37-900012-9", False, "小説；罪",
     {"series": "榊野大活字文庫 ; 2", "extent": "216p ; 22cm", "price": "2,400円", "accessibility": "文字の大きさは22ポイントです。"}),
    ("手袋を買いに", "テブクロヲカイニ", ("新美南吉", "ニイミ ナンキチ"), "とことこ社", "979-4-32-900013-1", True, "童話；きつね",
     {"series": "てんじつき さわる絵本 ; 1", "extent": "32p ; 26cm", "price": "3,800円", "accessibility": TACTILE}),
    ("よだかの星", "ヨダカノホシ", ("宮沢賢治", "ミヤザワ ケンジ"), "ころぽん館", "979-4-31-900014-1", True, "童話；鳥",
     {"series": "やさしく読めるLLブック ; 1", "extent": "48p ; 22cm", "price": "1,800円",
      "accessibility": "短い文と絵記号で書いてあります。漢字にはすべてふりがながあります。"}),
    ("人間失格", "ニンゲンシッカク", ("太宰治", "ダザイ オサム"), "柾野書房", "979-4-35-900015-6", False, "小説；孤独",
     {"material_type": "CD", "extent": "CD-ROM 1枚 (5時間30分)", "price": "2,800円", "note": "音声のデイジー図書", "accessibility": PLAYER}),
    ("セロ弾きのゴーシュ", "セロヒキノゴーシュ", ("宮沢賢治", "ミヤザワ ケンジ"), "とことこ社", "979-4-32-900016-2", True, "童話；音楽",
     {"material_type": "CD", "extent": "CD-ROM 1枚 (45分)", "price": "2,200円", "note": "マルチメディアDAISY", "accessibility": "再生するには、パソコンやスマートフォンの無料のソフトが必要です。"}),
    ("赤い蝋燭と人魚", "アカイロウソクトニンギョ", ("小川未明", "オガワ ミメイ"), "とことこ社", "979-4-32-900017-9", True, "童話；人魚",
     {"subtitle": "点字版", "extent": "64p ; 26cm", "price": "2,600円"}),
    ("すずかけ市の四季", "スズカケシノシキ", ("すずかけ市立図書館", "スズカケ シリツ トショカン"), "稜線書館", "979-4-40-900018-1", False, "すずかけ市；年中行事",
     {"ndc": "386", "material_type": "DVD", "extent": "DVD 1枚 (52分)", "price": "3,000円",
      "accessibility": "字幕、手話、音声解説を、それぞれ選んで付けられます。"}),
)  # fmt: skip


def editions(source: str, day: date) -> list[Record]:
    """Return their records, under numbers that come after all others."""
    made = [_record(number, row, Record("", source=source, accession_date=day)) for number, row in enumerate(EDITIONS)]
    for record in made:
        accessible.complete(record)
    return made


def _record(number: int, row: tuple, blank: Record) -> Record:
    title, kana, (name, name_kana), publisher, isbn, is_for_children, subjects, more = row
    facts = {
        "source_id": f"99{number:04}",
        "title": title,
        "title_kana": kana,
        "author": name,
        "contributors": [Contributor(name, name_kana, "著")],
        "publisher": publisher,
        "year": 2021,
        "year_text": "2021",
        "isbns": [isbn],
        "ndc": "913",
        "audience": "児童" if is_for_children else "一般",
        "language": "jpn",
        "subjects": [(heading, "") for heading in subjects.split("；")],
    }
    return replace(blank, **facts | more)
