"""責任表示: the creators in a statement of responsibility, with their roles: ``夏目　漱石／著``, ``高木光 原作, 林みどり 漫画``.

Vendors write a slash before a role, cataloguers a space or a bracket, title pages the role first (絵：佐々木洋子). A role
belongs to all names after the role before it.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from unicodedata import normalize

from library.catalog import isbd
from library.catalog.folding import fold, scripts
from library.catalog.records import Contributor

LONGEST_ROLE = 6  # letters of an unknown word that is a role after a slash
MOST_INVERTED = 3  # letters of either half of an inverted name (宮沢, 賢治); with four they are two creators
_LONG = (
    "責任編集|個人編集|総編集|編集委員|編集代表|編集協力|責任監修|総監修|日本語版監修|日本語版監訳|聞き手|聞き書き|イラスト|共編著|さし絵|絵と文|文と絵|作と絵|さくとえ|編著|編述|撰著|共著|共編|共訳|共作|"
    "編集|編纂|編輯|編曲|編訳|監訳|監修|監督|現代語訳|口語訳|日本語訳|翻訳|翻案|翻刻|訳註|訳注|訳編|訳詩|訳著|抄訳|全訳|新訳|原作|原案|原著|原文|原画|脚本|脚色|漫画|作画|作絵|作曲|作詞|作図|挿絵|挿画|装画|装丁|装幀|"
    "版画|画文|写真|撮影|校注|校註|校訂|校閲|校正|校訳|注釈|註釈|注解|評注|評釈|評訳|通釈|詳解|解説|解說|解題|著作|著述|口述|講述|執筆|演奏|朗読|語り|出演|講演|対談|企画|制作|構成|取材|再話|補訂|改訂|増補|題字"
)
_SURE = "著|編|訳|譯"  # roles of one letter that are no given name
_GIVEN = ("文", "絵", "詩")  # roles that are also given names: 幸田 文
_SHORT = f"{_SURE}|作|文|絵|画|詩|注|註|述|撰|輯|選|さく|ぶん|やく|え"
_APART = "協力|指導|料理|人形|考案|担当|製作|デザイン"  # roles after a space or slash alone: 日本料理 has none
_HEAD = "(?:者?代表)?"
_MORE = f"[・･/](?:{_LONG}|{_SHORT}){_HEAD}"
_ROLES = f"(?:{_LONG}|{_SHORT}){_HEAD}(?:{_MORE}){{0,3}}"
# 島木健作/著 is a name and a role
_GLUED = (
    f"(?:(?:{_LONG}|{_SURE}){_HEAD}(?:{_MORE}){{0,3}}|(?:{_SHORT})(?!/(?:{_SURE}))(?:{_MORE}){{1,3}}"
    "|(?<=[一-鿿]{3})(?:さく|ぶん|やく))"
)
_OTHERS = r"(?:[\[〔(](?:ほか|他|外|等)[0-9]*名?[\]〕)]|(?:ほか|他|(?<!平)等)[0-9]*名?|(?:\.\.\. ?)?\[?et al\.\]?)"
_ENDS = r"(?=[ ;,、]|\Z)"
_SLASHED = re.compile(rf" ?/ ?(?P<role>[^ ;,、/]+){_ENDS}")
_SPACED = re.compile(
    rf"(?: |(?=[\[〔(]))(?P<role>(?:{_OTHERS}[・ ]*)?[\[〔(]?(?:{_ROLES}|{_APART})[\]〕)]?){_ENDS}"
    rf"|(?<=[^ ;,、/\[〔]{{2}})(?P<glued>(?:{_OTHERS})?{_GLUED}[\]〕]?){_ENDS}"
    rf"|(?<=[^ ;,、/・]{{2}})・(?P<dotted>{_SHORT}){_ENDS}"
)
# a role before its names: 絵：佐々木洋子, [編集] 山田太郎, 著者丸山松軒, 編集鈴掛美術館; at the beginning of a statement also 文／角野栄子　絵／…
_COLON_FIRST = re.compile(
    rf"(?:\A|(?<=[ ;,、]))(?P<first>{_ROLES})者? ?: ?|(?:\A|(?<=[;,、] ))[\[〔](?P<boxed>{_ROLES})者?[\]〕] ?"
    r"|(?:\A|(?<=; )|(?<=[,、] )(?=[\[〔]))[\[〔]?(?:(?P<maker>著作|編集|監修|執筆|[著編訳譯])者(?:代表)? ?"
    r"|(?P<glued>(?:編集|編輯|編纂|監修)(?:・解[説說])?)(?!工房|委員|協力|会議|事務|プロ|[部室者会所局]))(?=[㐀-鿿]{2})"
)
_SLASHES = re.compile(r"[∥‖]|\|\|")  # of older catalogues
_VENDORS = re.compile("[／∥‖]")
# for a slash between names, not before a role: 東野圭吾／湊かなえ, 太宰治著／檀一雄編, 著：太宰治／編：檀一雄
_LIKE_ROLE = re.compile(
    rf"[\[〔(]?(?:{_LONG}|[著編訳譯])|.{{0,2}}\Z"
    rf"|.*(?:{_LONG}|[著編訳譯絵画注手]|さくえ|ぶんえ|ことば|うた|はなし|責任|{_APART})[\]〕)]?\Z"
)
_ONLY_ROLE = re.compile(rf"[\[〔(]?(?:{_OTHERS}[・ ]*)?[\[〔(]?{_ROLES}(?:[・ ]*{_OTHERS})?[\]〕)]*(?= |\Z)")
_ROLE_AT_END = re.compile(
    rf"(?:[ \[〔(](?:{_ROLES})|(?<=[^ ・]{{2}})(?:{_LONG}|[{_SURE.replace('|', '')}文絵画作詩]))[\]〕)]?\Z"
)
_SPACED_ROLE_AT_END = re.compile(rf" [\[〔(]?(?:{_ROLES})[\]〕)]?\Z")
_ROLE_THEN_NAME = re.compile(rf"\A({_ROLES})・(?!{_ROLES}|ほか|他|[^ ・]?(?:[ ・]|\Z))")  # 太宰治／作・小畑健／画
_ROLE_FIRST = re.compile(rf"(?:{_ROLES})者? ?:")
_BLACK_BRACKETS = re.compile(rf"【((?:{_OTHERS}[・ ]*)?{_ROLES}(?:[・ ]*{_OTHERS})?)】")
_SPOKEN = re.compile(r"(?<=[々一-鿿]) ?\([ぁ-ゖァ-ヶー・ ]+\)")  # 佐伯胖 (さえき ゆたか)
_SLASH_FIRST = re.compile(rf"(?:\A|(?<=[ ;,、]))(?P<first>{_ROLES}) ?/ ?")
_AT_END, _AT_START = re.compile(f"(?:{_ROLES}|修)\\Z"), re.compile(f"({_LONG}|[著編訳譯作](?=者))者?:?")
_NOBODY = re.compile(f"(?:{_LONG}|{_SURE}){_HEAD}|{_OTHERS}")
_BEFORE_ROLE = re.compile(f"(?:{_OTHERS}|[・ ])+")
_AFTER_ROLE = re.compile(f"[・ ]*{_OTHERS}\\Z")
_BRACKETS = re.compile(r"[\[\]〔〕]")
_ROLE_BRACKETS = re.compile(r"[\[\]〔〕()]")
_OTHERS_AT_END = re.compile(rf"(?:[ ・]|(?=[\[〔(]|ほか|\.\.\.)){_OTHERS} ?\Z")
_LIFE = re.compile(r"[, ] ?\(?[12][0-9]{3}-(?:[12][0-9]{3})?\)?\Z")
_SEMICOLON, _COMMA, _DOT = re.compile(" ?; ?"), re.compile(" ?[,、] ?"), re.compile(" ?・ ?")
_ROLES_IN_ENGLISH = {"translated": "訳", "edited": "編", "compiled": "編", "selected": "編", "illustrated": "絵",
    "pictures": "絵", "drawings": "絵",
                     "photographs": "写真", "retold": "再話", "adapted": "翻案", "introduction": "解説",
                     "foreword": "解説"}  # fmt: skip
_ENGLISH = re.compile(
    rf"(?:(?P<verb>{'|'.join(_ROLES_IN_ENGLISH)}|written|story|text|words)\b[^;,]*? )?by (?P<name>[^\W\d_].+)", re.I
)
_BETWEEN_NAMES = re.compile("[;,、]|/[^ ]+ ")
_BETWEEN, _NO_NAME = " ;,、", " ;,、・:=[]〔〕"
_NO_LETTERS = re.compile(r"[\s,，、.・=＝]+")
_KANJI_NAME = re.compile(
    "(?=.*[々〆㐀-䶿一-鿿\uf900-\ufaff𠀀-\U000323af])[^ァ-ヺ!-~]+[^ァ-ヺ!-~会社部室所館院省庁局課団連]"
)

# the letters of a statement without the names, if it has nothing but names and roles
_ROLES_ALONE = re.compile(
    f" *(?>(?>{'|'.join(map(fold.strict, f'{_LONG}|{_SHORT}|ほか|他'.split('|')))})者?(?:代表)? *)*+"
)


def read(statement: str) -> list[Contributor]:
    """Return the contributors in a statement, in order, without readings; ``role`` is empty when the statement has none
    for them.
    """
    return [Contributor(name, role=role) for name, role in _named(statement)]


def compose(contributors: Iterable[Contributor]) -> str:
    """Return the statement of responsibility of contributors: 夏目漱石 著 ; 安野光雅 絵."""
    return " ; ".join([f"{each.name} {each.role}".strip() for each in contributors])


@lru_cache(10_000)
def _named(statement: str) -> tuple[tuple[str, str], ...]:
    """Return (name, role) of the contributors in a statement; cached, as many titles have the same statement."""
    parts = _parts(_plain(statement))
    named = [_in_english(name, _without_brackets(role)) for names, role in parts for name in _names(names, bool(role))]
    # in 佐藤一／編，著 and 樋口一葉／作 [他] the last is no name
    return tuple([each for each in named if each[1] or not _NOBODY.fullmatch(each[0])] or named)


def _in_english(name: str, role: str) -> tuple[str, str]:
    """Return name and role of an English statement: Edwin McClellan, 訳 for ``translated by Edwin McClellan``; others as
    they are.
    """
    found = _ENGLISH.fullmatch(name) if not role else None
    return (found["name"], _ROLES_IN_ENGLISH.get((found["verb"] or "").casefold(), "著")) if found else (name, role)


def only_in_statement(statement: str, known: Iterable[str]) -> list[Contributor]:
    """Return the contributors with a role whom only the statement names, not ``known`` (names). A known name that the
    statement lacks may stand in it in another spelling: for each such name the first contributor is left out.
    """
    if scripts.script_of(statement) == scripts.LATIN:
        return []
    whole, names = _letters(statement), [_letters(name) for name in known]
    if _names_nobody_else(whole, names):
        return []
    stated = [(each, _letters(each.name)) for each in read(statement.partition(" = ")[0])]
    elsewhere = sum(name not in whole and not any(_is_in(name, each) for _, each in stated) for name in names)
    found = [each for each, letters in stated if each.role and not any(_is_in(letters, name) for name in names)]
    return found[elsewhere:]


@lru_cache(10_000)
def _letters(text: str) -> str:
    return fold.strict(_NO_LETTERS.sub("", _LIFE.sub("", text)))


def _names_nobody_else(letters: str, names: Iterable[str]) -> bool:
    """Tell whether a statement has nothing but these names and roles, as most do. ``letters``: its folded letters."""
    for name in names:
        if name:
            letters = letters.replace(name, " ")
    return _ROLES_ALONE.fullmatch(letters) is not None


def _is_in(name: str, other: str) -> bool:
    """Tell whether one name is in the other, or both have the same letters: ジョージオーウェル, オーウェルジョージ."""
    return name in other or other in name or sorted(name) == sorted(other)


def for_display(statement: str) -> str:
    """Return the statement for display, without spaces in names and slashes before roles: 新美南吉 作 ; 森はな 絵."""
    parts = _parts(_plain(statement))
    return " ; ".join([f"{isbd.closed_up(names.strip(' ;,、:'))} {role}".strip() for names, role in parts])


def without_slashes(statement: str) -> str:
    """Return the statement ``for_display`` if it has the slash of a vendor (夏目　漱石／著), else as it is."""
    return for_display(statement) if _VENDORS.search(statement) else statement


def role_of(name: str, statement: str) -> str:
    """Return the role that a statement gives a name: 著 for 萩野, 正昭 in 萩野正昭 著, and for Segaran, Toby in Toby Segaran 著;
    empty when it gives none.
    """
    for spelled in (name, "".join(reversed(name.split(",")))) if "," in name else (name,):
        letters = _NO_LETTERS.sub("", spelled)
        for part in statement.split(";") if letters else ():
            if letters in _NO_LETTERS.sub("", part):
                return _role_in(_plain(part).strip(" []〔〕"), letters)
    return ""


def _role_in(part: str, name: str) -> str:
    roles = [role for names, role in _parts(part) if role and name in _NO_LETTERS.sub("", names)]
    if roles:
        return _without_brackets(roles[0])
    if found := _AT_END.search(part):
        return found[0]
    found = _AT_START.match(part)
    return found[1] if found else ""


def _plain(text: str) -> str:
    """Return the statement in NFKC, with one kind of slash, without brackets around all of it or without a partner."""
    text = _SLASHES.sub("/", " ".join(normalize("NFKC", text).split()))
    text = _BLACK_BRACKETS.sub(r"[\1]", text) if "【" in text else text
    text = _slashes_to_semicolons(text) if "/" in text and not _SLASH_FIRST.match(text) else text
    return isbd.unbracketed(text) or text


def _slashes_to_semicolons(text: str) -> str:
    """Return the statement with a semicolon for each slash that separates names instead of standing before a role.

    Vendors who write a role after the slash have a space in the name before it: 安西　水丸／切り紙.
    """
    parts = [_ROLE_THEN_NAME.sub(r"\1 ", part) for part in text.split("/")]
    made = parts[0]
    for before, part in pairwise(parts):
        before = _COMMA.split(_SEMICOLON.split(before)[-1])[-1].strip()
        role = _ONLY_ROLE.match(before)
        before = before[role.end() :].strip() or f" {before}" if role else before
        made += (" ; " if _begins_names(part, before) else "/") + part
    return made


def _begins_names(part: str, before: str) -> bool:
    """Tell whether names, and not a role, stand after a slash. ``before``: the text before it."""
    word = _COMMA.split(_SEMICOLON.split(part.strip())[0])[0]
    word = word if _ONLY_ROLE.match(word) else _SPACED_ROLE_AT_END.sub("", word)
    if not word or not before or word.isascii() or _ONLY_ROLE.match(word):
        return False
    if _ROLE_FIRST.match(word) or _ROLE_AT_END.search(before):
        return True
    return " " not in before and " " not in word and not before.isascii() and not _LIKE_ROLE.match(word)


@lru_cache(1000)  # a record asks once for each of its contributors
def _parts(text: str) -> tuple[tuple[str, str], ...]:
    """Return (names, role) of each part, the role as written; it is empty in a last part that has none."""
    roles_first = _SLASH_FIRST if _SLASH_FIRST.match(text) else _COLON_FIRST
    parts: list[tuple[str, str]] = []
    begin = 0
    for found in roles_first.finditer(text):
        ends = [end for end in (text.find(";", found.end()), _start_after(found)) if end >= 0]
        names = text[found.end() : min(ends, default=len(text))]
        if names.strip(_NO_NAME):
            parts += _parts_by_ends(text[begin : found.start()])
            parts.append((isbd.unbracketed(names.strip(_BETWEEN)), next(filter(None, found.groups()))))
            begin = found.end() + len(names)
    return (*parts, *_parts_by_ends(text[begin:]))


def _start_after(found: re.Match[str]) -> int:
    after = found.re.search(found.string, found.end())
    return after.start() if after else -1


def _parts_by_ends(text: str) -> list[tuple[str, str]]:
    """Return (names, role) of the parts of a text in which each role stands after its names."""
    spaced = [each for each in _SPACED.finditer(text) if not _is_given_name(each)]
    if text.count("/") > sum(
        each[0].count("/") for each in spaced
    ):  # a slash that is not between two roles, as in 編/著
        slashed = [each for each in _SLASHED.finditer(text) if _is_role(each["role"])]
        slashed += [each for each in spaced if each["role"] and "/" not in each[0]]
        found = sorted((each.start(), each.end(), each["role"]) for each in slashed)
    else:
        found = [(each.start(), each.end(), each["role"] or each["glued"] or each["dotted"]) for each in spaced]
    parts, begin = [], 0
    for start, end, role in found:
        if text[begin:start].strip(_NO_NAME):
            parts.append((text[begin:start], role))
            begin = end
    if rest := text[begin:].strip(_BETWEEN):
        parts.append((rest, ""))
    return parts


def _is_role(word: str) -> bool:
    """Tell whether a word after a slash may be a role: short and not Latin (AC/DC is a name)."""
    return len(_without_brackets(word)) <= LONGEST_ROLE and not word.isascii()


def _is_given_name(found: re.Match[str]) -> bool:
    """Tell whether a seeming role is a given name (幸田 文, not 良忠 述): it may be one, and only a family name stands before
    it.
    """
    before = _BETWEEN_NAMES.split(found.string[max(0, found.start() - 9) : found.start()])[-1].strip()
    role, slash, _ = (found["role"] or found["dotted"] or "").partition("/")
    return len(before) <= (3 if slash else 2) and role in _GIVEN


def _without_brackets(role: str) -> str:
    role = role if _BEFORE_ROLE.match(role) else role.lstrip("[〔(")
    if _BEFORE_ROLE.match(role):
        role = _BEFORE_ROLE.sub("", role, count=1)
    role = _AFTER_ROLE.sub("", role)
    return _ROLE_BRACKETS.sub("", role).strip("・ ")


def _names(text: str, has_role: bool) -> Iterator[str]:
    for beside in (_BETWEEN, _NO_NAME):  # a bracket belongs to [ほか] or to the whole: [執筆者山田太郎 ... [et al.]]
        text = _OTHERS_AT_END.sub("", text.strip(beside))
    text = _SPOKEN.sub("", text.strip(_NO_NAME))
    for each in _SEMICOLON.split(text):
        part = _LIFE.sub("", each) or each
        for name in _by_commas(part, has_role):
            names = _DOT.split(name)
            names = names if all(map(_KANJI_NAME.fullmatch, names)) else [name]
            yield from filter(None, (isbd.closed_up(_BRACKETS.sub("", each).strip(" ・")) for each in names))


def _by_commas(text: str, has_role: bool) -> list[str]:
    names = _COMMA.split(text)
    if len(names) == 2 and not has_role and all(len(each) <= MOST_INVERTED and not each.isascii() for each in names):
        return [", ".join(names)]
    whole: list[str] = []
    for name in names:  # Smith, John stays one name, and so do Latin names that may be one
        if whole and name.isascii() and whole[-1].isascii() and (not has_role or " " not in whole[-1]):
            whole[-1] += f", {name}"
        else:
            whole.append(name)
    return whole
