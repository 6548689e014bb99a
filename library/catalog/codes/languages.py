"""言語: the codes of languages in records, and their names."""

# MARC's codes; after each those of ISO 639-2 that mean the same
WORDS = {
    "jpn": "日本語", "eng": "英語", "chi": "中国語", "zho": "中国語", "kor": "韓国・朝鮮語", "fre": "フランス語", "fra": "フランス語",
    "ger": "ドイツ語", "deu": "ドイツ語", "spa": "スペイン語", "rus": "ロシア語", "ita": "イタリア語", "por": "ポルトガル語",
    "vie": "ベトナム語", "tgl": "フィリピノ語", "fil": "フィリピノ語", "ain": "アイヌ語", "mul": "多言語", "und": "言語不明", "zxx": "言語なし",
    "dut": "オランダ語", "nld": "オランダ語", "lat": "ラテン語", "grc": "古代ギリシア語", "gre": "ギリシア語", "ell": "ギリシア語",
    "ara": "アラビア語", "heb": "ヘブライ語", "per": "ペルシア語", "fas": "ペルシア語", "tur": "トルコ語", "hin": "ヒンディー語",
    "ben": "ベンガル語", "urd": "ウルドゥー語", "tam": "タミル語", "nep": "ネパール語", "san": "サンスクリット語", "sin": "シンハラ語",
    "tha": "タイ語", "ind": "インドネシア語", "may": "マレー語", "msa": "マレー語", "bur": "ビルマ語", "mya": "ビルマ語", "khm": "クメール語",
    "lao": "ラオ語", "mon": "モンゴル語", "tib": "チベット語", "bod": "チベット語", "swe": "スウェーデン語", "dan": "デンマーク語",
    "nor": "ノルウェー語", "fin": "フィンランド語", "ice": "アイスランド語", "isl": "アイスランド語", "pol": "ポーランド語",
    "cze": "チェコ語", "ces": "チェコ語", "slo": "スロバキア語", "slk": "スロバキア語", "hun": "ハンガリー語", "rum": "ルーマニア語",
    "ron": "ルーマニア語", "bul": "ブルガリア語", "ukr": "ウクライナ語", "srp": "セルビア語", "hrv": "クロアチア語", "slv": "スロベニア語",
    "est": "エストニア語", "lav": "ラトビア語", "lit": "リトアニア語", "geo": "ジョージア語", "kat": "ジョージア語", "arm": "アルメニア語",
    "hye": "アルメニア語", "cat": "カタルーニャ語", "baq": "バスク語", "eus": "バスク語", "gle": "アイルランド語", "wel": "ウェールズ語",
    "cym": "ウェールズ語", "epo": "エスペラント語", "swa": "スワヒリ語", "afr": "アフリカーンス語", "yid": "イディッシュ語", "uzb": "ウズベク語",
    "kaz": "カザフ語", "sgn": "手話", "haw": "ハワイ語", "smi": "サーミ語", "nob": "ノルウェー語", "nno": "ノルウェー語",
    # former codes of MARC, in older records
    "jap": "日本語", "cam": "クメール語", "tag": "フィリピノ語", "scr": "クロアチア語", "scc": "セルビア語", "mol": "ルーマニア語",
    "snh": "シンハラ語", "iri": "アイルランド語", "esp": "エスペラント語",
}  # fmt: skip
SHORT = {  # ISO 639-1, in newer systems
    "ja": "jpn", "en": "eng", "zh": "chi", "ko": "kor", "fr": "fre", "de": "ger", "es": "spa", "it": "ita", "ru": "rus",
    "pt": "por",
    "vi": "vie", "tl": "tgl", "nl": "dut", "la": "lat", "ar": "ara", "th": "tha", "id": "ind", "ms": "may", "my": "bur",
    "km": "khm",
    "mn": "mon", "ne": "nep", "hi": "hin", "tr": "tur", "fa": "per", "sv": "swe", "da": "dan", "fi": "fin", "pl": "pol",
    "uk": "ukr",
}  # fmt: skip
_CODES = {words: code for code, words in reversed(WORDS.items())} | {
    "和": "jpn", "邦語": "jpn", "国語": "jpn", "韓国語": "kor", "朝鮮語": "kor", "タガログ語": "tgl", "中文": "chi",
}  # fmt: skip


def words(code: str) -> str:
    """Return the name of a language by its MARC code; any other text as it is."""
    return WORDS.get(code, code)


def code(text: str) -> str:
    """Return the MARC code of a language given by name (日本語), two letters (ja) or another code (fra); any other text as
    it is.
    """
    text = text.strip()
    folded = text.casefold()
    if folded in WORDS:
        return _CODES[WORDS[folded]]  # fra is fre
    return SHORT.get(folded.partition("-")[0], _CODES.get(text, text))
