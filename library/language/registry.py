"""The languages that a library offers to its patrons, with their catalogues of words."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from library.language import catalogues, languages, lint, own
from models import Patron

NAMES = {languages.JAPANESE: "日本語", languages.EASY: "やさしい日本語", languages.ENGLISH: "English"}
Languages = Mapping[tuple[str, bool], languages.Language]  # by code, without and with ふりがな


@lru_cache(maxsize=4)
def offered(instance: str) -> Languages:
    """Return the languages of the library in an instance folder, as they were at the first call since a start."""
    cache = Path(instance) / "cache"
    shipped = {
        (code, furigana): languages.Language(
            code, catalogues.Lazy(catalogues.SHIPPED / code / catalogues.FILE, cache), name=name, furigana=furigana
        )
        for code, name in NAMES.items()
        for furigana in ((False, True) if code in languages.WITH_READINGS else (False,))
    }
    english = shipped[languages.ENGLISH, False]
    checked = [own.check(Path(instance), code) for code in own.codes(Path(instance)) if own.is_language(code)]
    return shipped | {
        (tag(found.code), False): languages.Language(
            tag(found.code),
            catalogues.Lazy(own.path(Path(instance), found.code), cache),
            name=found.name,
            otherwise=english,
        )
        for found in checked
        if found.is_offered
    }


def tag(code: str) -> str:
    """Return the tag by which HTML names a language: zh-Hans for zh_Hans."""
    return code.replace("_", "-")


def named(known: Languages, code: str, furigana: bool = False) -> languages.Language:
    """Return a language by its code; Japanese for one that is not offered."""
    return known.get((code, furigana)) or known.get((code, False)) or known[languages.JAPANESE, False]


def of_notices(known: Languages, patron: Patron | None) -> languages.Language:
    """お知らせの言語: return the language of a patron's mails and pushes: the one chosen for them, else the screen's, else
    Japanese.
    """
    wanted = (patron.notice_language, patron.language) if patron else ()
    return next((known[code, False] for code in wanted if (code, False) in known), known[languages.JAPANESE, False])


def read_by(instance: str, code: str) -> str:
    """Return the name of the reader who checked a language, as its catalogue says; "" for nobody."""
    shipped = catalogues.SHIPPED / code / catalogues.FILE
    path = shipped if shipped.exists() else own.path(Path(instance), code.replace("-", "_"))
    return catalogues.head(path).get(own.READ_BY, "")


@lru_cache(maxsize=8)
def faults(code: str) -> int | None:
    """Return the number of faults that the rules of ``lint`` find in a shipped catalogue; None for another language."""
    shipped = catalogues.SHIPPED / code / catalogues.FILE
    if not shipped.exists():
        return None
    return sum(len(lint.faults_of(code, msgid, form)) for msgid, forms in own.entries(shipped) for form in forms)
