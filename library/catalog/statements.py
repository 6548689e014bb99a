"""責任表示: the people that a statement of authors names, each with a role: ``夏目　漱石／著``, ``高木光 原作, 林みどり 漫画``.

A vendor's table writes a slash before a role, a cataloguer a space or a bracket. A role is of all who are named since the role
before it.
"""

import re
from collections.abc import Iterator
from unicodedata import normalize

from library.catalog.readers import isbd
from library.catalog.records import Contributor

LONGEST_ROLE = 6  # letters of any word that is a role after a slash
MOST_INVERTED = 3  # letters of either half of 宮沢, 賢治; of four, they are two people
_LONG = (
    "責任編集|聞き手|イラスト|共編著|さし絵|編著|共著|共編|共訳|編集|編纂|編輯|編曲|編訳|監訳|監修|監督|翻訳|翻案|訳註|訳注|訳編|原作|原案|原著|"
    "脚本|漫画|作画|作曲|作詞|挿絵|挿画|装画|画文|写真|撮影|校注|校註|校訂|校閲|注釈|註釈|解説|解題|著作|著述|執筆|演奏|朗読|語り|出演|講演|企画|制作|構成|取材"
)
_SURE = "著|編|訳|譯"  # of one letter, and yet no given name as in 幸田 文
_SHORT = f"{_SURE}|作|文|絵|画|詩|注|註|述|撰|輯|選|さく|ぶん|やく|え"
_HEAD = "(?:者?代表)?"
_REST = f"{_HEAD}(?:[・･/](?:{_LONG}|{_SHORT}){_HEAD})*"
_ROLES, _GLUED = f"(?:{_LONG}|{_SHORT}){_REST}", f"(?:{_LONG}|{_SURE}){_REST}"
_OTHERS = r"(?:[\[〔(](?:ほか|他|外)[0-9]*名?[\]〕)]|(?:ほか|他)[0-9]*名?|(?:\.\.\. ?)?\[?et al\.\]?)"
_ENDS = r"(?=[ ;,、]|\Z)"
_SLASHED = re.compile(rf" ?/ ?(?P<role>[^ ;,、/]+){_ENDS}")
_SPACED = re.compile(
    rf"(?: |(?=[\[〔]))(?P<role>(?:{_OTHERS}[・ ]*)?[\[〔]?(?:{_ROLES})[\]〕]?){_ENDS}"
    rf"|(?<=[^ ;,、/\[〔]{{2}})(?P<glued>{_GLUED}){_ENDS}"
)
_AT_END = re.compile(f"(?:{_ROLES}|修)\\Z")
_BEFORE_ROLE = re.compile(f"(?:{_OTHERS}|[・ ])+")
_BRACKETS = re.compile(r"[\[\]〔〕]")
_OTHERS_AT_END = re.compile(rf"(?:[ ・]|(?=[\[〔(]|ほか|\.\.\.)){_OTHERS} ?\Z")
_SEMICOLON, _COMMA, _DOT = re.compile(" ?; ?"), re.compile(" ?[,、] ?"), re.compile(" ?・ ?")
_BETWEEN, _NO_NAME = " ;,、", " ;,、・[]〔〕"
_NO_LETTERS = re.compile(r"[\s,，、.・=＝]+")
_KANJI_NAME = re.compile(
    "(?=.*[々〆㐀-䶿一-鿿\uf900-\ufaff𠀀-\U000323af])[^ァ-ヺ!-~]+[^ァ-ヺ!-~会社部室所館院省庁局課団連]"
)


def read(statement: str) -> list[Contributor]:
    """Return the people in their order, without readings; a role is empty where the statement says none."""
    parts = _parts(_plain(statement))
    return [Contributor(name, role=_bare(role)) for names, role in parts for name in _names(names, bool(role))]


def shown(statement: str) -> str:
    """Return the statement with its names closed up and a space for the slash: 新美南吉 作 ; 森はな 絵."""
    parts = _parts(_plain(statement))
    return " ; ".join([f"{isbd.closed_up(names.strip(' ;,、'))} {role}".strip() for names, role in parts])


def role_of(name: str, statement: str) -> str:
    """Return the role that a statement gives a known name: 著 for 萩野, 正昭 in 萩野正昭 著."""
    name = _NO_LETTERS.sub("", name)
    for part in statement.split(";"):
        if name and name in _NO_LETTERS.sub("", part):
            found = _AT_END.search(part.strip(" []〔〕"))
            return found[0] if found else ""
    return ""


def _plain(text: str) -> str:
    return " ".join(normalize("NFKC", text).split())


def _parts(text: str) -> list[tuple[str, str]]:
    """Return (names, role) of each part, the role as it stands there, empty in a last part that has none."""
    spaced = list(_SPACED.finditer(text))
    if "/" in text and not any("/" in found[0] for found in spaced):
        found = [(each.start(), each.end(), each["role"]) for each in _SLASHED.finditer(text) if _is_role(each["role"])]
    else:
        found = [
            (each.start(), each.end(), each["role"] or each["glued"]) for each in spaced if not _is_given_name(each)
        ]
    parts, begin = [], 0
    for start, end, role in found:
        if text[begin:start].strip(_NO_NAME):
            parts.append((text[begin:start], role))
            begin = end
    if rest := text[begin:].strip(_BETWEEN):
        parts.append((rest, ""))
    return parts


def _is_role(word: str) -> bool:
    """Tell whether a word after a slash is short and no Latin one: AC/DC is a name."""
    return 0 < len(_bare(word)) <= LONGEST_ROLE and not word.isascii()


def _is_given_name(found: re.Match[str]) -> bool:
    """Tell whether what looks like a role is a given name: 鈴木 修, 幸田 文. Before a role stands more than a family name."""
    before = _COMMA.split(_SEMICOLON.split(found.string[max(0, found.start() - 9) : found.start()])[-1])[-1].strip()
    role = found["role"] or ""
    return len(before) <= 2 and role in _SHORT.split("|") and role not in _SURE.split("|")


def _bare(role: str) -> str:
    if _BEFORE_ROLE.match(role):
        role = _BEFORE_ROLE.sub("", role, count=1)
    return _BRACKETS.sub("", role).strip("・ ")


def _names(text: str, has_role: bool) -> Iterator[str]:
    text = _OTHERS_AT_END.sub("", text.strip(_NO_NAME))
    for part in _SEMICOLON.split(text):
        for name in _by_commas(part, has_role):
            names = _DOT.split(name)
            names = names if all(map(_KANJI_NAME.fullmatch, names)) else [name]
            yield from filter(None, (isbd.closed_up(_BRACKETS.sub("", each).strip(" ・")) for each in names))


def _by_commas(text: str, has_role: bool) -> list[str]:
    names = _COMMA.split(text)
    if len(names) == 2 and not has_role and all(len(each) <= MOST_INVERTED and not each.isascii() for each in names):
        return [", ".join(names)]
    whole: list[str] = []
    for name in names:  # Smith, John stays, and so do Latin names that nothing tells apart
        if whole and name.isascii() and whole[-1].isascii() and (not has_role or " " not in whole[-1]):
            whole[-1] += f", {name}"
        else:
            whole.append(name)
    return whole
