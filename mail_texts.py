"""What mails say: the only module that knows ``templates/mail``.

Texts are Jinja2, their first line the subject. A library's own stand in the settings ``mail_text_<kind>`` and are rendered in a
sandbox. ``Texts`` serves one delivery; ``Editor`` is handed to the desk, where an administrator writes them.
"""

import logging
import re
import traceback
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from library import errors, policy
from library.files import columns
from library.mail import outbox, own_texts

TEXTS = Path(__file__).resolve().parent / "templates" / "mail"
COLUMNS = 76

log = logging.getLogger(__name__)


class Texts:
    """The texts of all kinds, the library's own before the shipped ones."""

    def __init__(self, settings):
        self._environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(TEXTS),
            undefined=StrictUndefined,
            autoescape=False,  # plain text
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["cut"] = columns.cut
        self._environment.globals |= {
            "library_name": settings["LIBRARY_NAME"],
            "library_address": policy.get("address"),
            "library_phone": policy.get("phone"),
            "public_url": settings["PUBLIC_URL"],
            "can_reply": bool(settings["MAIL_REPLY_TO"]),
        }
        self._own = own_texts.every()
        self._compiled = {}

    def render(self, kind, facts, counts) -> tuple[str, str]:
        """(subject, text). A broken text of the library's own is reported, and the shipped one takes its place."""
        if kind in self._own:
            try:
                return self._parts(kind, self._own[kind], facts)
            except Exception as error:  # whatever an administrator's text raises, the mail goes out
                log.error("own text of %s is broken (%s): the shipped one is used", kind, error)
                counts["broken_texts"] += 1
                del self._own[kind]
                self._compiled.pop(kind, None)
        return self._parts(kind, None, facts)

    def compiled(self, text):
        """A text of the library's own. TemplateSyntaxError where it says more than mails do."""
        _require_plain(self._environment.parse(text))
        return self._environment.from_string(text)

    def _parts(self, kind, own, facts):
        if kind not in self._compiled:
            self._compiled[kind] = self._environment.get_template(f"{kind}.txt") if own is None else self.compiled(own)
        return letter(self._compiled[kind], facts)


_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.If, nodes.For,
    nodes.CondExpr, nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Add, nodes.Sub, nodes.Div,
    nodes.Filter, nodes.Include,
)  # fmt: skip
_FILTERS = {"cut", "join", "length", "count", "first", "last", "default"}


def _require_plain(node, looped=()):
    """Names, conditions, and loops over what there is to tell: so that no text, whoever wrote it, takes long or grows large.

    ``looped``: the names of the loops around; a loop within one goes over a part of what that goes over.
    """
    if not isinstance(node, _PLAIN) or (isinstance(node, nodes.Filter) and node.name not in _FILTERS):
        raise TemplateSyntaxError("文面では使えない書き方です", node.lineno)
    if isinstance(node, nodes.Include) and not isinstance(node.template, nodes.Const):
        raise TemplateSyntaxError("読み込む文面は、名前で書いてください", node.lineno)
    if isinstance(node, nodes.For):
        over = node.iter
        while isinstance(over, nodes.Getattr):
            over = over.node
        if not isinstance(over, nodes.Name) or (looped and over.name != looped[-1]):
            raise TemplateSyntaxError("くり返しの中のくり返しは、外側の項目についてだけ書けます", node.lineno)
        looped = (*looped, getattr(node.target, "name", ""))
    for child in node.iter_child_nodes():
        _require_plain(child, looped)


def letter(template, facts) -> tuple[str, str]:
    """(subject, text) of a compiled text. Refused where there is no subject or text, or the one-time link is lost."""
    head, _, body = _without_controls(template.render(facts)).partition("\n")
    subject, body = one_line(head), body.strip("\n")
    if not subject or not body:
        raise errors.MailTextIncomplete
    if facts.get("token", "") not in body:
        raise errors.MailTextLosesLink
    return subject, columns.fold(body, COLUMNS) + "\n"


def one_line(text: str) -> str:
    """Fit for a header: no control character, no line break of any alphabet, no spaces at the ends."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", " ", text).split())


def _without_controls(text):
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", "", text)


# -- writing them ----------------------------------------------------------------------------------------------------
class Editor:
    """For the page on which texts are written: what is shipped, and what comes of a text."""

    def __init__(self, settings):
        self.settings = settings

    def shipped(self, kind: str) -> str:
        return (TEXTS / f"{kind}.txt").read_text(encoding="utf-8").strip("\n")

    def names(self, kind: str) -> list[str]:
        """What a text of this kind can speak of."""
        return sorted(_samples(kind)[0])

    def preview(self, kind: str, text: str) -> dict:
        """(subject, text) for a computer and a mobile phone, with example facts.

        Refused with the line where the text can't be rendered, for whatever it may have to tell.
        """
        try:
            template = Texts(self.settings).compiled(text)
            made = [letter(template, facts) for facts in _samples(kind)]
        except errors.Refused:
            raise
        except Exception as error:  # whatever a text can raise
            raise errors.MailTextBroken(line=_line(error), reason=_reason(error)) from error
        return {"pc": made[0], "mobile": made[1]}


def _line(error):
    """Where in the text; Jinja writes its own lines into the traceback."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
    return lines[-1] if lines else 1


def _reason(error):
    if isinstance(error, SecurityError):
        return "この書き方は、安全のため使えません"
    if isinstance(error, UndefinedError):
        name = re.search(r"'(\w+)'(?: is undefined|$)", str(error))
        return f"「{name[1]}」という項目はありません" if name else "ない項目を使っています"
    if isinstance(error, TemplateSyntaxError):
        hint = _hint(error.message)
        return f"書き方が正しくありません（{hint}）" if hint else "書き方が正しくありません"
    if isinstance(error, TemplateNotFound):
        return f"ほかの文面を読み込めません（{one_line(error.name)[:100]}）"
    if isinstance(error, ZeroDivisionError):
        return "計算できません（0では割れません）"
    return "計算できません（文字・数・一覧の使い方が合っていません）"


def _hint(message):
    """Return in Japanese what Jinja's parser or this module has to say; empty where nothing is known that helps."""
    for pattern, hint in _HINTS:
        if found := re.search(pattern, message):
            return hint.format(one_line((found.groups() or ("",))[0])[:40])
    return "" if message.isascii() else message


_HINTS = (
    ("^unexpected end of template", "{{{{ か {{% が閉じられていません"),
    (r"needs to be closed is '(\w+)'", "{{% {0} %}} には {{% end{0} %}} が要ります"),
    (r"unknown tag '(\w+)'", "{{% {0} %}} は、ここでは使えません"),
    ("end of comment", "{{# が閉じられていません"),
    ("end of raw", "{{% raw %}} が閉じられていません"),
    ("unexpected char (?:\"'\"|'\"')", "引用符が閉じられていません"),
    ("unexpected char '(.)'", "「{0}」は、ここでは使えません"),
    ("Expected an expression|(?:got|unexpected) 'end of|expected name or number", "書きかけのところがあります"),
    ("got '(?:integer|float|string)'", "数や引用符の前後を確かめてください"),
    ("unexpected '.+', expected '(.+)'", "「{0}」が足りません"),
    ("(?:got|unexpected) '(.+)'", "「{0}」の前後を確かめてください"),
)  # the parser's message → what helps


def _samples(kind) -> list[dict]:
    """Example facts: in full for a computer and for a phone, then with less or other than that, then of every other sort."""
    full, *variants = _EXAMPLES[_LIKE.get(kind, kind if kind in _EXAMPLES else "plain")]
    full = {"name": "図書 花子"} | full | ({"token": "abc123"} if kind in outbox.WITH_SECRET else {})
    others = [full | {"what": what} for what in _SORTS.get(kind, ())]
    return [
        made | {"mobile": mobile}
        for made in (full, *(full | each for each in variants), *others)
        for mobile in (False, True)
    ]


_LIKE = dict.fromkeys(("overdue", "closure", "hold_ready", "hold_deadline", "hold_ended"), "titles")
_LIKE |= dict.fromkeys(("reference_receipt", "reference_answer"), "reference")
_SORTS = {
    "security": ("address", "password", "reset", "first_password", "reissued", "closing", "other"),
    "admin": ("birthday_mode_off", "other"),
}
_GROUPS = [
    {
        "due": "12月9日(水)", "due_with_year": "2026年12月9日(水)", "days_left": "あと2日", "branch": "本館", "count": 2,
        "titles": ["坊っちゃん", "銀河鉄道の夜 上"],
    },
    {
        "due": "12月10日(木)", "due_with_year": "2026年12月10日(木)", "days_left": "あと3日", "branch": "分館", "count": 1,
        "titles": ["こころ"],
    },
]  # fmt: skip
_CONDITIONS = [
    {
        "name": "宮沢賢治の本", "count": 3, "more": 1, "url": "https://library.example.jp/my/sdi/1",
        "titles": [{"title": "銀河鉄道の夜 上", "author": "宮沢賢治 著"}, {"title": "どんぐりと山猫", "author": ""}],
    },
    {
        "name": "天文学", "count": 1, "more": 0, "url": "https://library.example.jp/my/sdi/2",
        "titles": [{"title": "星の地図", "author": "山本一清 著"}],
    },
]  # fmt: skip
_CLOSED = [{"name": "本館", "days": ["12月7日(月)", "12月14日(月)"]}]
_LOAN = {"title": "坊っちゃん", "branch": "本館", "due": "2026年12月9日(水)", "days_left": "7日過ぎています"}
_HOLD = {
    "title": "銀河鉄道の夜 上",
    "branch": "本館",
    "pickup_by": "2026年12月16日(水)",
    "reason": "受取期限が過ぎたため",
}
_EXAMPLES = {  # in full, and what of it may be missing or otherwise
    "due": (
        {
            "count": 3, "renewable": 3, "groups": _GROUPS, "closed": _CLOSED,
            "stop_url": "https://library.example.jp/mail/stop/abc",
        },
        {"groups": [group | {"titles": []} for group in _GROUPS], "closed": [], "renewable": 0},
        {"renewable": 1},
    ),
    "sdi": (
        {"count": 4, "conditions": _CONDITIONS, "stop_url": "https://library.example.jp/mail/stop/abc"},
        {"conditions": []},
    ),
    "titles": (
        {"count": 2, "loans": [_LOAN], "holds": [_HOLD]},
        {"loans": [_LOAN | {"title": ""}], "holds": [_HOLD | {"title": "", "pickup_by": ""}]},
    ),
    "reference": (
        {
            "number": 12, "asked_on": "2026年11月20日(金)", "page": "https://library.example.jp/my/questions/12",
            "answer": "図書館の資料で分かったことを、お知らせします。", "sources": ["『すずかけ市史』 上巻"], "closed": False,
        },
        {"name": "", "answer": "", "sources": [], "page": "", "closed": True},
    ),
    "plain": (
        {
            "at": "2026年11月25日(水) 10:42", "fields": ["E-mail1", "返却期限通知"], "what": "",
            "message": "ここに用件が入ります。", "token": "",
        },
        {"name": "", "fields": []},
    ),
}  # fmt: skip
