"""Errors of the engine that mean a damaged database, and what is said of them."""

from library.store import server

# in the engine's words; the last but one is about the index of the search, of which the first page can't be read
DAMAGE = ("malformed", "not a database", "database corruption", "vtable constructor failed", "文字として読めません")


def is_damage(error: Exception) -> bool:
    """Tell whether an error of the engine means that the database is damaged, and not that it is busy or can't be written."""
    words = str(error)
    return isinstance(error, UnicodeDecodeError) or any(sign in words for sign in DAMAGE) or server.is_damage(error)


def engine_words(error: Exception) -> str:
    """Return the engine's reason. Where that is no text itself, Python's words about its bytes help nobody."""
    return "表の名前が文字として読めません" if isinstance(error, UnicodeDecodeError) else str(error)
