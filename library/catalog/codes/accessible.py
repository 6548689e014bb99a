"""利用しやすい形式: the formats for people whom print does not serve, and by which words and codes records tell of them.

``Title.formats`` has their codes, parted by spaces in the order of FORMATS. The codes of features are those of schema.org
(accessibilityFeature), which MARC 21 has in 341 (its source sapdv) and EPUB in its package document.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple
from unicodedata import normalize

from library.catalog.records import Record


class Format(NamedTuple):
    """``features``: the codes for it, the first of which we give to others. ``words`` tell of it wherever the thing is described; in a title,
    which may be about it (手話入門), only ``in_title``, where that is not empty.
    """

    word: str
    features: tuple[str, ...]
    words: str
    in_title: str = ""


_WITH = "(?:版|本|絵本|図書|資料|雑誌|楽譜|つき|付|入り|併記)"
FORMATS = {
    "large-print": Format("大活字", ("largePrint",), r"大きな?活字|大活字|(?i:large[ -](?:print|type))"),
    "braille": Format(
        "点字",
        ("braille",),
        r"点字|点訳|てんじ(?:つき|付)|(?i:braille)",
        rf"(?:点字|てんじ|点訳){_WITH}|[\[(【]点[字訳]",
    ),
    "tactile": Format(
        "さわる資料",
        ("tactileObject", "tactileGraphic"),
        r"(?:さわ|触)(?:る|れる|って(?:楽しむ|学べる|読む|よむ)?)(?:資料|絵本|えほん|本|図鑑|図書|地図)|触図|点図",
    ),
    "ll": Format("LLブック", (), r"(?<![A-Za-z])(?i:LL ?(?:ブック|book)|LL(?:本|版))|エルエルブック"),
    "daisy": Format(
        "DAISY",
        ("structuralNavigation",),
        r"(?<!マルチメディア)(?<!マルチメディア )(?:(?<![A-Za-z])DAISY(?![A-Za-z])|デイジー(?![ァ-ヶ・=]))",
        rf"(?<!マルチメディア)(?<!マルチメディア )(?:(?<![A-Za-z])DAISY(?! ?[A-Za-z])|デイジー{_WITH})",
    ),
    "multimedia-daisy": Format("マルチメディアDAISY", ("synchronizedAudioText",), "マルチメディア ?(?:DAISY|デイジー)"),
    "accessible-epub": Format("アクセシブルEPUB", ("structuralNavigation",), r"アクセシブルな? ?(?:EPUB|電子書籍)"),
    "captions": Format(
        "字幕",
        ("captions", "closedCaptions", "openCaptions"),
        r"字幕|(?i:closed[ -]caption)",
        rf"字幕{_WITH}|(?:日本語|バリアフリー)字幕|[\[(【]字幕",
    ),
    "sign-language": Format(
        "手話", ("signLanguage",), r"手話|(?i:sign language)", rf"手話(?:{_WITH}|通訳)|[\[(【]手話"
    ),
    "audio-description": Format(
        "音声解説", ("audioDescription",), r"音声(?:解説|ガイド)|副音声|(?i:audio[ -]?descri|descriptive video)"
    ),
}
NONE = "-"  # of a title in which somebody at the desk saw none, whatever its words say
SIGN_LANGUAGE = "sgn"  # as the language of a title
_NOT = "(?!(?:は|が)?(?:なし|無し|ありません|ない))"  # 字幕なし
_WORDS = {code: re.compile(f"(?:{each.words}){_NOT}") for code, each in FORMATS.items()}
_IN_TITLE = {code: re.compile(f"(?:{each.in_title or each.words}){_NOT}") for code, each in FORMATS.items()}
# one of these, in small letters, stands in whatever tells of a format: for a quick look, since most titles tell of none
_SIGNS = re.compile("|".join((
    "活字", "点字", "点訳", "てんじ", "さわ", "触", "点図", "llブ", "ll ブ", "llbook", "ll book", "ll本", "ll版", "エルエル", "daisy", "デイジー",
    "アクセシブル", "字幕", "手話", "音声", "large print", "large-print", "large type", "large-type", "braille", "caption", "sign language", "audio",
    "descriptive video",
)))  # fmt: skip

FEATURES = {
    "alternativeText": "画像の説明（代替テキスト）", "annotations": "注釈", "ARIA": "読み上げ用の構造", "audioDescription": "音声解説",
    "bookmarks": "しおり", "braille": "点字", "captions": "字幕", "chemML": "化学式の読み上げ（ChemML）", "closedCaptions": "字幕（表示を選べる）",
    "describedMath": "数式の説明", "displayTransformability": "文字の大きさや色を変えられる", "fullRubyAnnotations": "総ルビ",
    "highContrastAudio": "聞きとりやすい音声", "highContrastDisplay": "高コントラスト表示", "horizontalWriting": "横書き", "index": "索引",
    "largePrint": "大活字", "latex": "数式の読み上げ（LaTeX）", "latex-chemistry": "化学式の読み上げ（LaTeX）", "longDescription": "画像のくわしい説明",
    "MathML": "数式の読み上げ（MathML）", "MathML-chemistry": "化学式の読み上げ（MathML）", "openCaptions": "字幕（つねに表示）",
    "pageBreakMarkers": "紙の本のページ番号", "pageNavigation": "紙の本のページへの移動", "printPageNumbers": "紙の本のページ番号",
    "readingOrder": "正しい読み上げ順", "rubyAnnotations": "ルビ", "signLanguage": "手話", "structuralNavigation": "見出しによる移動",
    "structuredNavigation": "見出しによる移動", "synchronizedAudioText": "音声と文字の同期", "tableOfContents": "目次", "tactileGraphic": "触図",
    "tactileObject": "さわる模型", "timingControl": "速さの調整", "transcript": "音声の文字起こし", "ttsMarkup": "読み上げの指定", "unlocked": "制限なし",
    "verticalWriting": "縦書き", "withAdditionalWordSegmentation": "分かち書き",
}  # fmt: skip
_FEATURE = {re.sub("[^a-z]", "", name.casefold()): name for name in FEATURES}
_OF_FEATURE = {feature: code for code, each in FORMATS.items() for feature in each.features if code not in
               ("daisy", "multimedia-daisy", "accessible-epub")}  # fmt: skip
_MODES = {"auditory": "音声の内容", "tactile": "さわる内容", "textual": "文字の内容", "visual": "画像や映像の内容"}
LACKS = "利用しにくい点："  # before a line that tells what a title does not have


def codes(formats: str) -> list[str]:
    """Return the formats of such a column that this program knows, in order."""
    named = formats.split(" ")
    return [code for code in FORMATS if code in named]


def joined(found: Iterable[str]) -> str:
    """Return these formats as the column has them."""
    known = set(found)
    return " ".join(code for code in FORMATS if code in known)


def words(code: str) -> str:
    """Return a format in words; anything else as it is."""
    return FORMATS[code].word if code in FORMATS else code


def in_text(text: str, *, is_title: bool = False) -> set[str]:
    """Return the formats that a text tells of."""
    text = text if text.isascii() else normalize("NFKC", text)
    if not _SIGNS.search(text.casefold()):
        return set()
    return {code for code, pattern in (_IN_TITLE if is_title else _WORDS).items() if pattern.search(text)}


def in_record(record: Record) -> set[str]:
    """Return the formats that the words of a record tell of: in its titles and contents as something that it has, elsewhere anyhow."""
    lines = [line for line in record.accessibility.splitlines() if not line.startswith(LACKS)]
    described = "\n".join((record.series, record.extent, record.note, record.material_type, *lines))
    titles = "\n".join((record.title, record.subtitle, record.volume, record.contents))
    found = in_text(described) | in_text(titles, is_title=True)
    return found | {"sign-language"} if record.language == SIGN_LANGUAGE else found


def complete(record: Record) -> None:
    """Add what its words tell to the formats that a record has by its codes, unless somebody has seen that there are none."""
    if record.formats != NONE and (found := in_record(record)):
        record.formats = joined({*codes(record.formats), *found})


def chosen(ticked: Iterable[str], record: Record, before: Record) -> str:
    """Return the formats of a record that was changed by hand: those that were ticked, and those that only its new words tell of."""
    found = in_record(record)
    return joined({*ticked, *(found - in_record(before))}) or (NONE if found or before.formats else "")


# -- codes of features -------------------------------------------------------------------------------------------------
def feature(text: str) -> str:
    """Return the code of a feature in whatever spelling it came (closed captions, closed captioning); empty for what is none."""
    return _FEATURE.get(re.sub("[^a-z]", "", text.casefold()).replace("captioning", "captions"), "")


def of_features(features: Iterable[str]) -> set[str]:
    """Return the formats that these codes stand for."""
    return {_OF_FEATURE[each] for each in features if each in _OF_FEATURE}


def described(features: Iterable[str], mode: str = "") -> str:
    """Return features in words, codes and others, on one line, of content of that mode (auditory, tactile, textual, visual)."""
    named = dict.fromkeys(FEATURES.get(feature(each), each) for each in features)
    return "：".join(filter(None, (_MODES.get(mode, ""), "、".join(named))))


def features_of(formats: Iterable[str]) -> list[str]:
    """Return a code of schema.org for each of these formats that has one."""
    return [FORMATS[code].features[0] for code in formats if FORMATS[code].features]
