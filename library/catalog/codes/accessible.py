"""利用しやすい形式: the accessible formats, and the words and codes by which records mention them.

``Title.formats`` has their codes, separated by spaces, in the order of FORMATS. Codes of features are those of
schema.org (accessibilityFeature), which stand in MARC 21 341 (source sapdv) and in the package document of an EPUB.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple
from unicodedata import normalize

from library.catalog.records import Record
from library.language import sentences


class Format(NamedTuple):
    """``features``: its codes, of which the first is exported. ``words``: the pattern of words that mention it; in a
    title, which may be about it (手話入門), ``in_title`` instead if it has one.
    """

    features: tuple[str, ...]
    words: str
    in_title: str = ""


NAMES = {
    "large-print": "大活字", "braille": "点字", "tactile": "さわる資料", "ll": "LLブック", "daisy": "DAISY",
    "multimedia-daisy": "マルチメディアDAISY", "accessible-epub": "アクセシブルEPUB", "captions": "字幕", "sign-language": "手話",
    "audio-description": "音声解説",
}  # fmt: skip
_WITH = "(?:版|本|絵本|図書|資料|雑誌|楽譜|つき|付|入り|併記)"
FORMATS = {
    "large-print": Format(("largePrint",), r"大きな?活字|大活字|(?i:large[ -](?:print|type))"),
    "braille": Format(
        ("braille",),
        r"点字|点訳|てんじ(?:つき|付)|(?i:braille)",
        rf"(?:点字|てんじ|点訳){_WITH}|[\[(【]点[字訳]",
    ),
    "tactile": Format(
        ("tactileObject", "tactileGraphic"),
        r"(?:さわ|触)(?:る|れる|って(?:楽しむ|学べる|読む|よむ)?)(?:資料|絵本|えほん|本|図鑑|図書|地図)|触図|点図",
    ),
    "ll": Format((), r"(?<![A-Za-z])(?i:LL ?(?:ブック|book)|LL(?:本|版))|エルエルブック"),
    "daisy": Format(
        ("structuralNavigation",),
        r"(?<!マルチメディア)(?<!マルチメディア )(?:(?<![A-Za-z])DAISY(?![A-Za-z])|デイジー(?![ァ-ヶ・=]))",
        rf"(?<!マルチメディア)(?<!マルチメディア )(?:(?<![A-Za-z])DAISY(?! ?[A-Za-z])|デイジー{_WITH})",
    ),
    "multimedia-daisy": Format(("synchronizedAudioText",), "マルチメディア ?(?:DAISY|デイジー)"),
    "accessible-epub": Format(("structuralNavigation",), r"アクセシブルな? ?(?:EPUB|電子書籍)"),
    "captions": Format(
        ("captions", "closedCaptions", "openCaptions"),
        r"字幕|(?i:closed[ -]caption)",
        rf"字幕{_WITH}|(?:日本語|バリアフリー)字幕|[\[(【]字幕",
    ),
    "sign-language": Format(("signLanguage",), r"手話|(?i:sign language)", rf"手話(?:{_WITH}|通訳)|[\[(【]手話"),
    "audio-description": Format(
        ("audioDescription",), r"音声(?:解説|ガイド)|副音声|(?i:audio[ -]?descri|descriptive video)"
    ),
}
NONE = "-"  # in the column of a title that has none according to the desk, whatever its words mention
SIGN_LANGUAGE = "sgn"  # as the language of a title
_NOT = "(?!(?:は|が)?(?:なし|無し|ありません|ない))"  # 字幕なし
_WORDS = {code: re.compile(f"(?:{each.words}){_NOT}") for code, each in FORMATS.items()}
_IN_TITLE = {code: re.compile(f"(?:{each.in_title or each.words}){_NOT}") for code, each in FORMATS.items()}
# every mention of a format has one of these, in lower case: a quick test, as most titles mention none
_SIGNS = re.compile("|".join((
    "活字", "点字", "点訳", "てんじ", "さわ", "触", "点図", "llブ", "ll ブ", "llbook", "ll book", "ll本", "ll版", "エルエル", "daisy", "デイジー",
    "アクセシブル", "字幕", "手話", "音声", "large print", "large-print", "large type", "large-type", "braille", "caption",
    "sign language", "audio",
    "descriptive video",
)))  # fmt: skip

FEATURES = {
    "alternativeText": "画像の説明（代替テキスト）", "annotations": "注釈", "ARIA": "読み上げ用の構造", "audioDescription": "音声解説",
    "bookmarks": "しおり", "braille": "点字", "captions": "字幕", "chemML": "化学式の読み上げ（ChemML）", "closedCaptions": "字幕（表示を選べる）",
    "describedMath": "数式の説明", "displayTransformability": "文字の大きさや色を変えられる", "fullRubyAnnotations": "総ルビ",
    "highContrastAudio": "聞きとりやすい音声", "highContrastDisplay": "高コントラスト表示", "horizontalWriting": "横書き", "index": "索引",
    "largePrint": "大活字", "latex": "数式の読み上げ（LaTeX）", "latex-chemistry": "化学式の読み上げ（LaTeX）",
    "longDescription": "画像のくわしい説明",
    "MathML": "数式の読み上げ（MathML）", "MathML-chemistry": "化学式の読み上げ（MathML）", "openCaptions": "字幕（つねに表示）",
    "pageBreakMarkers": "紙の本のページ番号", "pageNavigation": "紙の本のページへの移動", "printPageNumbers": "紙の本のページ番号",
    "readingOrder": "正しい読み上げ順", "rubyAnnotations": "ルビ", "signLanguage": "手話", "structuralNavigation": "見出しによる移動",
    "structuredNavigation": "見出しによる移動", "synchronizedAudioText": "音声と文字の同期", "tableOfContents": "目次",
    "tactileGraphic": "触図",
    "tactileObject": "さわる模型", "timingControl": "速さの調整", "transcript": "音声の文字起こし", "ttsMarkup": "読み上げの指定",
    "unlocked": "制限なし",
    "verticalWriting": "縦書き", "withAdditionalWordSegmentation": "分かち書き",
}  # fmt: skip
_FEATURE = {re.sub("[^a-z]", "", name.casefold()): name for name in FEATURES}
_OF_FEATURE = {feature: code for code, each in FORMATS.items() for feature in each.features if code not in
               ("daisy", "multimedia-daisy", "accessible-epub")}  # fmt: skip
_MODES = {"auditory": "音声の内容", "tactile": "さわる内容", "textual": "文字の内容", "visual": "画像や映像の内容"}
LACKS = "利用しにくい点："  # before a line on features that a title lacks


def codes(formats: str) -> list[str]:
    """Return the known codes in a ``Title.formats`` column, in the order of FORMATS."""
    named = formats.split(" ")
    return [code for code in FORMATS if code in named]


def to_column(found: Iterable[str]) -> str:
    """Return these codes as the column has them."""
    known = set(found)
    return " ".join(code for code in FORMATS if code in known)


def words(code: str) -> str:
    """Return the name of a format; any other text as it is."""
    return NAMES.get(code, code)


def mentioned_in_text(text: str, *, is_title: bool = False) -> set[str]:
    """Return the codes of the formats that a text mentions; in a title only words by which it has the format."""
    text = text if text.isascii() else normalize("NFKC", text)
    if not _SIGNS.search(text.casefold()):
        return set()
    return {code for code, pattern in (_IN_TITLE if is_title else _WORDS).items() if pattern.search(text)}


def mentioned_in_record(record: Record) -> set[str]:
    """Return the codes of the formats that a record mentions; in titles and contents only words by which it has the
    format.
    """
    lines = [line for line in record.accessibility.splitlines() if not line.startswith(LACKS)]
    described = "\n".join((record.series, record.extent, record.note, record.material_type, *lines))
    titles = "\n".join((record.title, record.subtitle, record.volume, record.contents))
    found = mentioned_in_text(described) | mentioned_in_text(titles, is_title=True)
    return found | {"sign-language"} if record.language == SIGN_LANGUAGE else found


def add_mentioned(record: Record) -> None:
    """Add the formats that a record mentions to its ``formats``, unless the desk has decided that it has none."""
    if record.formats != NONE and (found := mentioned_in_record(record)):
        record.formats = to_column({*codes(record.formats), *found})


def after_edit(ticked: Iterable[str], record: Record, before: Record) -> str:
    """Return the column of a record edited at the desk: the ticked formats, and those that its new words mention and
    its old ones didn't.
    """
    found = mentioned_in_record(record)
    return to_column({*ticked, *(found - mentioned_in_record(before))}) or (NONE if found or before.formats else "")


# -- codes of features -------------------------------------------------------------------------------------------------
def feature(text: str) -> str:
    """Return the code of a feature in any spelling (closed captions, closed captioning); empty for a
    text that is none.
    """
    return _FEATURE.get(re.sub("[^a-z]", "", text.casefold()).replace("captioning", "captions"), "")


def formats_of_features(features: Iterable[str]) -> set[str]:
    """Return the codes of the formats that these features stand for."""
    return {_OF_FEATURE[each] for each in features if each in _OF_FEATURE}


def describe_features(features: Iterable[str], mode: str = "") -> str:
    """Return features, codes or other texts, in words on one line, after the name of their mode (auditory, tactile,
    textual, visual).
    """
    named = dict.fromkeys(FEATURES.get(feature(each), each) for each in features)
    several = sentences.Joined(named, "、")
    return "：".join(filter(None, (_MODES[mode], several))) if mode in _MODES else several


def features_of(formats: Iterable[str]) -> list[str]:
    """Return a feature code (schema.org) for each of these formats that has one, in order."""
    return [FORMATS[code].features[0] for code in formats if FORMATS[code].features]
