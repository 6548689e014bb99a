"""文字コード: the encoding of Japanese texts, told by their content and never by their own statement."""

import re

from library import errors

LEAST_DECODED = 0.9  # of the texts that are not ASCII: here and there one is cut off in the middle of a letter
LEAST_KANA, LEAST_USUAL = 0.05, 0.95  # of what is not ASCII: full-width kana; kana, signs, Latin and kanji of level 1
CODECS = {
    "utf-8": ("utf-8-sig",),
    "cp932": ("cp932",),
    "euc-jp": ("euc_jp", "euc_jis_2004"),  # the second has ① and its like
    "iso-2022-jp": ("iso2022_jp_ext",),
}
NAMES = {"utf-8": "UTF-8", "marc-8": "MARC-8", "cp932": "CP932", "euc-jp": "EUC-JP", "iso-2022-jp": "ISO-2022-JP"}
_ISO_2022_JP = (b"\x1b$B", b"\x1b$@")
_KANA = re.compile("[ぁ-ゖァ-ヺー]")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_LAST_LATIN = "\u024f"
_LEVEL_2 = b"\x50"  # of JIS X 0208: where the rare kanji begin


def recognise(texts: list[bytes]) -> str:
    """Return cp932, euc-jp or iso-2022-jp for texts that are not UTF-8; empty for none. Raises: EncodingUnclear."""
    if any(map(is_iso_2022_jp, texts)):
        return "iso-2022-jp"
    if any(b"\x1b" in text for text in texts):
        return ""
    found = [name for name in ("cp932", "euc-jp") if _is_japanese(_foreign_letters(texts, name))]
    if len(found) > 1:
        raise errors.EncodingUnclear(names="、".join(NAMES[name] for name in found))
    return found[0] if found else ""


def is_iso_2022_jp(text: bytes) -> bool:
    """Tell whether a text has escape sequences of ISO-2022-JP."""
    return any(mark in text for mark in _ISO_2022_JP)


def codec_of(name: str, texts: list[bytes]) -> str:
    """Return the first codec of an encoding that decodes all the texts; its last codec if none does."""
    *others, last = CODECS[name]
    return next((codec for codec in others if not _undecoded(texts, codec)), last)


def words_for(codec: str) -> str:
    """Return the usual name of a codec's encoding; empty for UTF-8, which needs no mention."""
    if codec.startswith("utf-16"):
        return "UTF-16"
    return next((NAMES[name] for name, known in CODECS.items() if codec in known and name != "utf-8"), "")


def _undecoded(texts: list[bytes], codec: str) -> int:
    """Return the number of texts that the codec can't decode."""
    return sum(_decoded(text, codec) is None for text in texts)


def _decoded(text: bytes, codec: str) -> str | None:
    try:
        return text.decode(codec)
    except UnicodeDecodeError:
        return None


def _foreign_letters(texts: list[bytes], name: str) -> list[str]:
    """Return the characters beyond ASCII; none if too many of the texts can't be decoded."""
    texts = [text for text in texts if not text.isascii()]
    codec = codec_of(name, texts)
    if _undecoded(texts, codec) > (1 - LEAST_DECODED) * len(texts):
        return []
    return [letter for text in texts for letter in _decoded(text, codec) or "" if not letter.isascii()]


def _is_japanese(letters: list[str]) -> bool:
    """Tell whether the letters are usual Japanese: a wrong encoding gives rare kanji and no kana."""
    kana, usual = (sum(map(bool, map(each, letters))) for each in (_KANA.match, _is_usual))
    return bool(letters) and kana >= LEAST_KANA * len(letters) and usual >= LEAST_USUAL * len(letters)


def _is_usual(letter: str) -> bool:
    if _PRIVATE.match(letter):
        return False
    if letter <= _LAST_LATIN or _HALF_WIDTH.match(letter) or not letter.isalpha():
        return True
    # 髙 and 﨑 are not in it, but in use
    return letter.encode("iso2022_jp", "replace")[3:5] < _LEVEL_2
