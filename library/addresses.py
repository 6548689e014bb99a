"""Mail addresses: folded, checked for their form, and compared with known domains to find typing mistakes.

The form is that of HTML5's email field, so browser and server agree, plus the old addresses of Japanese carriers
(``a..b@docomo.ne.jp``, ``a.@ezweb.ne.jp``), given out until 2009 and still in use.
"""

import re
import unicodedata
from functools import lru_cache

from library import invisible

MAXIMUM = 254  # characters, RFC 5321
LOCAL_MAXIMUM = 64
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_HTML5 = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})+\Z")
_DOT_ATOM = re.compile(r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")

OLD_CARRIERS = frozenset(("docomo.ne.jp", "ezweb.ne.jp", "au.com"))
CARRIERS = OLD_CARRIERS | frozenset(
    """
    softbank.ne.jp i.softbank.jp vodafone.ne.jp disney.ne.jp ymobile.ne.jp ymobile1.ne.jp ymail.ne.jp emnet.ne.jp
    willcom.com pdx.ne.jp wcm.ne.jp uqmobile.jp rakumail.jp
    """.split()
)
KNOWN = CARRIERS | frozenset(
    """
    mineo.jp biglobe.ne.jp mopera.net dwmail.jp
    gmail.com googlemail.com mail.com email.com yahoo.co.jp yahoo.com ybb.ne.jp ymail.com
    outlook.com outlook.jp hotmail.com hotmail.co.jp
    live.jp live.com msn.com icloud.com me.com mac.com aol.com aol.jp proton.me protonmail.com gmx.com gmx.net
    nifty.com nifty.ne.jp so-net.ne.jp ocn.ne.jp plala.or.jp dion.ne.jp auone.jp odn.ne.jp asahi-net.or.jp infoseek.jp
    excite.co.jp goo.jp goo.ne.jp rakuten.jp hi-ho.ne.jp wakwak.com zaq.ne.jp jcom.home.ne.jp jcom.zaq.ne.jp eonet.ne.jp
    ctk.ne.jp commufa.jp tcp-ip.or.jp qq.com naver.com daum.net 163.com
    """.split()
)
# mistyped endings whose meaning is certain
_ENDINGS = {".con": ".com", ".cmo": ".com", ".comm": ".com", ".ocm": ".com", ".co.jpp": ".co.jp", ".ne.jpp": ".ne.jp"}


def fold(text: str) -> str:
    """Return the text in half width, without spaces and invisible characters; the case of letters stays."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", invisible.drop(text)))


def mailbox(text: str) -> str:
    """Return the key by which two addresses are compared: lower case, without a plus and what follows it."""
    local, _, domain = fold(text).casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def is_valid(text: str) -> bool:
    """Tell whether mail can be sent to an address of this form; the domain needs a dot."""
    if len(text) > MAXIMUM or _HTML5.match(text) is None:
        return False
    local = text.rpartition("@")[0]
    return len(local) <= LOCAL_MAXIMUM and (not needs_quoting(text) or is_old_carrier(text))


def is_old_carrier(text: str) -> bool:
    """Tell whether the carrier of the address gave out dots in a row or before the @."""
    return text.rpartition("@")[2].lower() in OLD_CARRIERS


def carrier(text: str) -> str | None:
    """Return the domain of the 携帯電話会社 that the address belongs to; None for another."""
    domain = text.rpartition("@")[2].lower()
    return domain if _is_among(domain, CARRIERS) else None


def needs_quoting(text: str) -> bool:
    """Tell whether the part before @ breaks the rule on dots, so that RCPT needs ``"a..b"@…``."""
    return _DOT_ATOM.match(text.rpartition("@")[0]) is None


def suggestion(text: str) -> str | None:
    """Return the address with the one known domain that is one mistake away; None if there is none."""
    local, _, domain = text.rpartition("@")
    domain = domain.lower()
    if not local or not domain or _is_known(domain):
        return None
    near = _meant(domain)
    return f"{local}@{near}" if near else None


@lru_cache(maxsize=1000)
def _is_known(domain: str) -> bool:
    """Tell whether a domain is known or below a known one (xx.ezweb.ne.jp)."""
    return _is_among(domain, KNOWN)


def _is_among(domain: str, named: frozenset[str]) -> bool:
    return domain in named or any(domain.endswith("." + name) for name in named)


@lru_cache(maxsize=1000)
def _meant(domain: str) -> str | None:
    for wrong, right in _ENDINGS.items():
        if domain.endswith(wrong):
            ending = domain.removesuffix(wrong) + right
            return ending if ending in KNOWN else None
    near = sorted(known for known in KNOWN if _one_slip_apart(domain, known))
    return near[0] if len(near) == 1 else None


def _one_slip_apart(typed: str, known: str) -> bool:
    """Tell whether two domains differ by one letter too many, missing, wrong, or exchanged with the next."""
    if abs(len(typed) - len(known)) > 1 or len(known) < 8:
        return False  # too many others are one letter away from a short domain (me.com, aol.jp)
    start = 0
    while start < min(len(typed), len(known)) and typed[start] == known[start]:
        start += 1
    left, right = typed[start:], known[start:]
    exchanged = len(left) == len(right) and left[:2] == right[1::-1] and left[2:] == right[2:]
    return exchanged or left[1:] == right[1:] or left[1:] == right or left == right[1:]
