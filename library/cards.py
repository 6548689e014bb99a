"""利用者番号: the numbers of library cards, folded from what is typed or scanned."""

import re
import unicodedata

from library import invisible

NUMBER = re.compile(r"[0-9]{13}\Z")


def fold(text: str) -> str:
    """Return the number without full width, spaces, hyphens, what can't be seen, and the start and stop letters of a scanner
    (``A0000…A``). Leading zeros stay. Its length is not checked.
    """
    folded = re.sub(r"[\s\-‐‑–—―−ー]", "", unicodedata.normalize("NFKC", invisible.drop(text)))
    return re.sub(r"\A[A-Da-d]([0-9]+)[A-Da-d]\Z", r"\1", folded)
