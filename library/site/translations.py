"""翻訳: the library's own words (branches, shelves, kinds of material, 特集, articles) in the languages of patrons.

A translation belongs to the Japanese text, so that a text that is changed is translated anew.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from peewee import ModelSelect

from library import audit, policy
from library.store import database
from library.store.queries import Query, blank
from models import Article, Branch, Feature, Item, Translation

LONGEST, LONGEST_KEY = 10_000, 100  # letters of a text; of one that is its own key
KINDS = {
    "branch": "館", "shelf": "書架", "material_type": "資料区分", "category": "利用者の区分",
    "feature": "特集", "article": "お知らせ・案内のページ",
}  # fmt: skip
_OF_LANGUAGE = Query(
    lambda: Translation.select(Translation.key, Translation.text).where(Translation.language == blank("language"))
)
_SOURCES: Mapping[str, Callable[[], Iterable[str]]] = {
    "branch": lambda: _of(Branch.select(Branch.name).order_by(Branch.id)),
    "shelf": lambda: _of(Item.select(Item.shelf).distinct().order_by(Item.shelf)),
    "material_type": lambda: policy.get("material_types"),
    "category": lambda: policy.get("categories"),
    "feature": lambda: _of(
        Feature.select(Feature.title, Feature.text).where(Feature.public).order_by(Feature.position)
    ),
    "article": lambda: _of(Article.select(Article.title, Article.text).where(Article.public).order_by(Article.id)),
}


def texts(kind: str) -> list[str]:
    """Return the Japanese texts of a kind that patrons see, each once."""
    return list(dict.fromkeys(text for text in _SOURCES[kind]() if text))


def _of(rows: ModelSelect[Any]) -> list[str]:
    return [text for row in rows.tuples() for text in row]


def in_language(language: str) -> dict[str, str]:
    """Return all translations into a language by the key of their text."""
    return {row.key: row.text for row in _OF_LANGUAGE.rows(language=language)}


def key(text: str) -> str:
    """Return the key of a Japanese text: itself, or the digest of a long one."""
    return text if len(text) <= LONGEST_KEY else hashlib.sha256(text.encode()).hexdigest()


def untranslated(languages: Iterable[str]) -> dict[str, Counter[str]]:
    """Return the number of texts without a translation, by language and kind."""
    keys = {kind: [key(text) for text in texts(kind)] for kind in KINDS}
    known = {language: in_language(language) for language in languages}
    return {
        language: Counter({kind: sum(each not in said for each in listed) for kind, listed in keys.items()})
        for language, said in known.items()
    }


def put(kind: str, language: str, written: Mapping[str, str], *, by: str, now: datetime) -> int:
    """Store translations of texts of a kind, by their Japanese; "" takes one back. Return the number of changes."""
    known = in_language(language)
    changed = {text: said for text, said in written.items() if said != known.get(key(text), "")}
    with database.writing():
        for text, said in changed.items():
            of_text = (Translation.key == key(text)) & (Translation.language == language)
            Translation.delete().where(of_text, Translation.kind == kind).execute()
            if said:
                Translation.create(kind=kind, key=key(text), language=language, text=said)
        if changed:
            audit.record("translation.changed", actor=by, now=now, of=KINDS[kind], count=len(changed))
    return len(changed)
