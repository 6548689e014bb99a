"""郵便番号 of patrons and branches."""

import re
import unicodedata

from library import errors

_POSTAL_CODE = re.compile(r"〒?([0-9]{3})-?([0-9]{4})\Z")
_DASHES = re.compile("[‐‑–—―−ー-]")


def lacks_zero(text: str) -> bool:
    """Tell whether a postal code has 6 digits and no first 0, as a spreadsheet leaves it."""
    return re.fullmatch("[1-9][0-9]-?[0-9]{4}", _plain(text)) is not None


def read(text: str) -> str:
    """Return a postal code as 000-0000; empty for an empty text. Raises: PostalCodeMalformed."""
    typed = _plain(text)
    if not typed:
        return ""
    if not (found := _POSTAL_CODE.match(typed)):
        raise errors.PostalCodeMalformed()
    return "-".join(found.groups())


def _plain(text: str) -> str:
    return _DASHES.sub("-", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
