"""The year of publication as a number, out of what a record says."""

import re
import unicodedata

from library import dates

_BRACKETED = re.compile(r"\[[^\]]*?((?:1[0-9]|20)[0-9]{2})")
_WESTERN = re.compile(r"(?<![0-9])((?:1[0-9]|20)[0-9]{2})(?![0-9])")
_ERA = re.compile(f"({'|'.join(dates.ERAS)})\\s*([0-9]{{1,2}}|元)")


def year_of(text: str) -> int | None:
    """Read ``2003.5`` as 2003, ``1957（昭和32）年`` as 1957, ``平成 11`` as 1999, ``昭和 46-47 [1971-1972]`` as 1971; else None."""
    folded = unicodedata.normalize("NFKC", text)
    if found := _BRACKETED.search(folded) or _WESTERN.search(folded):
        return int(found[1])
    if found := _ERA.search(folded):
        return dates.ERAS[found[1]] + (1 if found[2] == "元" else int(found[2])) - 1
    if (digits := re.sub(r"\D", "", folded)) and re.fullmatch(r"(1[0-9]|20)[0-9]{4,6}", digits):
        return int(digits[:4])  # 20030510
    return None
