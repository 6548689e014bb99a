"""作品: the works of titles, known by a key that all editions and volumes of a work have in common (spec 12, 5)."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from library.catalog import heading_names
from library.catalog.folding import fold
from library.catalog.records import Contributor, Record
from library.catalog.series import series, volumes
from library.store import engine
from models import Title

LONGEST = 100  # letters of each part of a key
SHORT = 4  # letters of a title that several pieces of one creator may have: 星, 無題, 文芸時評
OWN = "#"  # begins the keys of works that no record has
SERIAL = f"{OWN}serial"  # begins those of serials (雑誌), whose volumes are their issues
# 統一書名 is the name of the work itself, whatever stands on the book
UNIFORM = "統一書名"
# titles of many different works: the key also has the series
LISTED = frozenset(map(fold.strict, (
    "全集", "選集", "作品集", "作品選", "著作集", "著作選集", "文集", "詩集", "全詩集", "詩歌集", "詩選", "歌集", "全歌集", "句集",
    "全句集", "俳句集", "短編集", "短篇集", "短編小説集", "短篇小説集", "短編全集", "短篇全集", "傑作集", "傑作選", "傑作短編集",
    "名作集", "名作選", "自選集", "自選短編集", "小説集", "戯曲集", "戯曲全集", "随筆集", "随筆選集", "随想集", "エッセイ集",
    "エッセー集", "童話集", "童話全集", "童話選集", "昔話集", "書簡集", "日記", "日記集", "日記・書簡集", "論文集", "論集", "評論集",
    "批評集", "対談集", "講演集", "談話集", "遺稿集", "拾遺", "資料集", "画集", "作品図録", "写真集", "脚本集", "シナリオ集", "ベスト",
    "コレクション", "セレクション", "Collected works", "Complete works", "Selected works", "Selections", "Works", "Poems",
    "Collected poems", "Selected poems", "Short stories", "Essays", "Letters",
)))  # fmt: skip
# roles that don't make a work; its creator is the first contributor with another role
HELPERS = (
    "訳", "翻訳", "監", "編", "校", "注", "註", "解説", "絵", "画", "挿", "さし", "イラスト", "写真", "装", "朗読", "補", "協力", "企画", "構成",
)  # fmt: skip
_NUMBER = "[0-9〇一二三四五六七八九十百]"
# a volume at the end of a title: 坂の上の雲 1, こころ (上), 源氏物語 巻の二, 全集 第10巻
_VOLUME = re.compile(
    rf"(?:(?<!\s)\s++[(\[<〈【]?+|[(\[<〈【])\s*+(第\s*+{_NUMBER}{{1,4}}+\s*+[巻部集編篇冊]?|{_NUMBER}{{1,2}}|{_NUMBER}{{1,4}}\s*+[巻部集編篇冊]|巻の?{_NUMBER}{{1,3}}|"
    r"[上中下前後][巻編篇]?|[Vv]ol\.?\s*+[0-9]{1,3})\s*+[)\]>〉】]?\Z"
)

# a number in a subtitle with what is counted, folded: 第3回, 平成8年7月調査, 04, ii, 春の巻
_ISSUE = re.compile(
    rf"[春夏秋冬上中下]の巻|(?:明治|大正|昭和|平成|令和)?第?(?:{_NUMBER}+|元(?=年)|(?<![a-z])[ivx]+(?![a-z]))(?:[年月日回号次版巻集期部](?:度|調査)?)*"
)


def key_of(record: Record) -> str:
    """Return the work key of a record; empty when neither a creator nor a publisher is known."""
    uniform = next((each.name for each in record.names if each.kind == UNIFORM), "")
    title = fold.strict(uniform or split_volume(record)[0])[:LONGEST]
    maker = (_creator(record) or fold.strict(record.publisher))[:LONGEST]
    if not (title and maker):
        return ""
    parts = [title, maker]
    if title in LISTED or title.removeprefix(maker).removeprefix(fold.strict("の")) in LISTED:
        parts.append((_series(record) or fold.strict(record.publisher))[:LONGEST])
    if not uniform and (subtitle := _telling_subtitle(record, title)):
        parts.append(f":{subtitle[:LONGEST]}")
    return "/".join(parts)


def _telling_subtitle(record: Record, title: str) -> str:
    """Return the subtitle, without numbers, where it tells works of one name apart: reports of a body, and short pieces
    without an imprint; empty for a volume, and for one that begins with its number.
    """
    first = _first_maker(record)
    is_piece = len(title) <= SHORT and not (record.publisher or record.year or record.isbns)
    if not (is_piece or heading_names.is_body(first.name if first else record.author or record.publisher)):
        return ""
    subtitle = "" if split_volume(record)[1] else fold.strict(record.subtitle)
    return "" if _ISSUE.match(subtitle) else _ISSUE.sub("", subtitle)


def _first_maker(record: Record) -> Contributor | None:
    makers = record.contributors
    return next((each for each in makers if not each.role.startswith(HELPERS)), makers[0] if makers else None)


def _creator(record: Record) -> str:
    first = _first_maker(record)
    if first is None:
        return fold.strict(record.author)
    return f"{fold.strict(first.name)}@{first.apart}" if first.apart else fold.strict(first.name)  # namesakes are two


def _series(record: Record) -> str:
    return next((series.key(each.name) for each in series.all_of(record)), "")


def split_volume(record: Record | Title) -> tuple[str, str]:
    """Return the title without its volume, and the volume, whether it has a place of its own or stands at the end of
    the title.
    """
    if not record.volume and (found := _VOLUME.search(folded := unicodedata.normalize("NFKC", record.title))):
        return folded[: found.start()], found[1]
    return record.title, record.volume


def keys_of(pairs: Sequence[tuple[int, Record]]) -> list[str]:
    """Return the work key of each of these (title id, record), in order; a key of its own for a record
    that gives none.
    """
    own = [key_of(record) for _, record in pairs]
    found = dict(engine.rows_among("SELECT key, work_key FROM work_join WHERE key IN ({})", set(own) - {""}))
    return [found.get(each, each) or f"{OWN}{title_id}" for (title_id, _), each in zip(pairs, own, strict=True)]


def write_keys(pairs: Sequence[tuple[int, Record]]) -> None:
    """Write the work keys of stored titles, in the caller's transaction; decisions of the desk stay."""
    rows = [(each, title_id) for (title_id, _), each in zip(pairs, keys_of(pairs), strict=True)]
    engine.run_many("UPDATE title SET work_key = ? WHERE id = ? AND NOT work_fixed", rows)


# -- editions and volumes --------------------------------------------------------------------------------------------
class Related(NamedTuple):
    """The other titles of a title's work: ``volumes`` and other parts of the same edition in order, the title itself
    among them, and other ``editions``.
    """

    volumes: list[Title]
    editions: list[Title]


def related(title: Title, others: Iterable[Title]) -> Related:
    """Return the other titles of a work as parts (same publisher and series, other volume or subtitle: 巻) and as ほかの版,
    the newest first; as issues (号), the newest first, where the work is a serial.
    """
    if title.work_key.startswith(SERIAL) and (others := list(others)):
        return Related(sorted([*others, title], key=_place, reverse=True), [])
    same_edition, editions = [], []
    for each in others:
        (same_edition if _is_other_part(title, each) else editions).append(each)
    if same_edition:
        same_edition = sorted([*same_edition, title], key=_place)
    return Related(same_edition, sorted(editions, key=lambda each: (-(each.year or 0), _edition(each), _place(each))))


def _is_other_part(one: Title, other: Title) -> bool:
    """Tell whether two titles of a work are parts of one edition; a subtitle that ends in 版 names an edition."""
    first, second = ([fold.strict(text) for text in (split_volume(each)[1], each.subtitle)] for each in (one, other))
    are_told = all(subtitle and not subtitle.endswith("版") for _, subtitle in (first, second))
    return _edition(one) == _edition(other) and (first[0] != second[0] or (are_told and first[1] != second[1]))


def _edition(title: Title) -> tuple[str, str]:
    """Return publisher and first series, folded: 岩波文庫 for ``岩波文庫 ; 31-010-1``."""
    named = series.read(title.series) if title.series else []
    return fold.strict(title.publisher), series.key(named[0].name) if named else ""


def _place(title: Title) -> tuple[bool, tuple[int, ...], str, int]:
    part = split_volume(title)[1] or title.subtitle
    number = volumes.numbers_in(part)
    return not number, number, part, title.id
