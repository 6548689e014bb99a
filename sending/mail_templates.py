"""Templates of mails: the only module that knows ``templates/mail`` and renders a library's own texts.

Texts are Jinja2, their first line the subject, a whole letter in each language: Japanese in the folder itself, another
language in the folder of its code. A library's own texts stand in settings (``own_texts``), those of a language that it
added in ``instance/translations/<code>/mail``; all are rendered in a sandbox. ``Editor`` is handed to the desk.
"""

import re
import traceback
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from jinja2 import (
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    meta,
    nodes,
)
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from library import errors, policy
from library.language import days, languages, own, registry
from library.mail import examples
from library.site import branding
from sending import columns

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "mail"
COLUMNS = 76


class UnknownName(TemplateSyntaxError):
    """A text uses a name that mails of its kind don't have."""


class Templates:
    """Compiles shipped texts and a library's own, and renders them with the facts of one mail."""

    def __init__(self, settings: Mapping[str, Any], *, contact: Mapping[str, str] | None = None):
        """``contact``: address and phone of the library, given where the database must not be asked."""
        name = branding.name(settings) if contact is None else settings["LIBRARY_NAME"]
        contact = policy.several("address", "phone") if contact is None else contact
        self._instance = Path(settings["INSTANCE"])
        self._environments: dict[str, ImmutableSandboxedEnvironment] = {}
        self.names = {
            "library_name": name,
            "library_address": contact.get("address", ""),
            "library_phone": contact.get("phone", ""),
            "public_url": settings["PUBLIC_URL"],
            "can_reply": bool(settings["MAIL_REPLY_TO"]),
        }

    def is_written(self, name: str, code: str) -> bool:
        """Tell whether a text exists in a language; those of the shipped languages all do."""
        return code in registry.NAMES or (self._folders(code)[0] / f"{name}.txt").is_file()

    def shipped(self, name: str, code: str = languages.JAPANESE) -> Template:
        """Return the shipped text of a kind in a language, compiled; for a library's added language the text that came
        with it, else the English one.
        """
        return self._in(code).get_template(f"{name}.txt")

    def source(self, name: str, code: str) -> str:
        """Return the text of ``shipped`` as written."""
        places = (folder / f"{name}.txt" for folder in self._folders(code))
        return next(path for path in places if path.is_file()).read_text(encoding="utf-8").strip("\n")

    def compile(self, text: str, code: str = languages.JAPANESE) -> Template:
        """Return a text of the library's own in a language, compiled. Raises: TemplateSyntaxError, also for code that
        no mail needs.
        """
        environment = self._in(code)
        _require_plain(environment.parse(text))
        return environment.from_string(text)

    def _folders(self, code: str) -> list[Path]:
        """Return the folders of a language's texts, the first one that has a text counts."""
        if code == languages.JAPANESE:
            return [FOLDER]
        if code in registry.NAMES:
            return [FOLDER / code, FOLDER]
        return [own.folder(self._instance, code) / FOLDER.name, FOLDER / languages.ENGLISH, FOLDER]

    def _in(self, code: str) -> ImmutableSandboxedEnvironment:
        """Return the environment of a language, in which texts include one another, as all do ``_foot.txt``."""
        if code not in self._environments:
            made = ImmutableSandboxedEnvironment(
                loader=FileSystemLoader(self._folders(code)),
                undefined=StrictUndefined,
                autoescape=False,  # plain text
                auto_reload=False,
                trim_blocks=True,
                lstrip_blocks=True,
            )
            made.filters["cut"] = columns.cut
            made.globals.clear()  # of Jinja's own
            made.globals |= self.names
            self._environments[code] = made
        return self._environments[code]

    def require_known(self, text: str, facts: Collection[str]) -> None:
        """Refuse a text with a name that is neither a fact nor the library's; Jinja's ``self`` is refused too. Raises:
        UnknownName.
        """
        tree = self._in(languages.JAPANESE).parse(text)
        unknown = {"self", *meta.find_undeclared_variables(tree)} - {*facts, *self.names}
        for name in tree.find_all(nodes.Name):
            if name.name in unknown:
                raise UnknownName(f"「{name.name}」という項目はありません", name.lineno)


def render(template: Template, facts: Mapping[str, Any]) -> tuple[str, str]:
    """Return (subject, text). Raises: MailTextIncomplete (no subject or text), MailTextLosesLink (no one-time link),
    MailTextLinkElsewhere.
    """
    text = template.render(facts).replace(days.NO_BREAK, " ")  # which old mobile phones can't show
    head, _, body = _without_controls(text).partition("\n")
    subject, body = one_line(head), body.strip("\n")
    if not subject or not body:
        raise errors.MailTextIncomplete
    if token := facts.get("token", ""):
        lines = [line for line in body.split("\n") if token in line]
        if not lines:
            raise errors.MailTextLosesLink
        own = f"{template.globals['public_url']}/"
        if token in subject or not all(line.startswith(own) and line.endswith(token) for line in lines):
            raise errors.MailTextLinkElsewhere  # it could hand the link to somebody else
    return subject, columns.wrap(body, COLUMNS) + "\n"


def one_line(text: str) -> str:
    """Return a text fit for a header: no control character, no line break of any kind, no spaces at the ends."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", " ", text).split())


def _without_controls(text: str) -> str:
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", "", text)


# -- code allowed in a text ------------------------------------------------------------------------------------------
_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.If,
    nodes.For,
    nodes.CondExpr, nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Add, nodes.Sub, nodes.Div,
    nodes.Filter, nodes.Include,
)  # fmt: skip
_FILTERS = {"cut", "join", "length", "count", "first", "last", "default"}


def _require_plain(node: nodes.Node, loops: tuple[str, ...] = ()) -> None:
    """Refuse all but names, conditions and loops over given facts, so that no text takes long or grows large.

    ``loops``: the variables of the loops around; an inner loop goes over a part of the outer one's variable.
    """
    if not isinstance(node, _PLAIN) or (isinstance(node, nodes.Filter) and node.name not in _FILTERS):
        raise TemplateSyntaxError("文面では使えない書き方です", node.lineno)
    if isinstance(node, nodes.Include) and not isinstance(node.template, nodes.Const):
        raise TemplateSyntaxError("読み込む文面は、名前で書いてください", node.lineno)
    if isinstance(node, nodes.For):
        over = node.iter
        while isinstance(over, nodes.Getattr):
            over = over.node
        if not isinstance(over, nodes.Name) or (loops and over.name != loops[-1]):
            raise TemplateSyntaxError("くり返しの中のくり返しは、外側の項目についてだけ書けます", node.lineno)
        loops = (*loops, getattr(node.target, "name", ""))
    for child in node.iter_child_nodes():
        _require_plain(child, loops)


# -- writing one's own -----------------------------------------------------------------------------------------------
class Editor:
    """Serves the page on which texts are written: the shipped text, the names that it may use, a preview."""

    def __init__(self, settings: Mapping[str, Any]):
        self.settings = settings

    def shipped(self, kind: str, code: str = languages.JAPANESE) -> str:
        """Return the shipped text of a kind in a language, as written."""
        return Templates(self.settings).source(kind, code)

    def names(self, kind: str) -> list[str]:
        """Return the names of the facts that a text of this kind can use."""
        return sorted(examples.facts_for(kind)[0])

    def preview(self, kind: str, text: str, code: str = languages.JAPANESE) -> dict[str, tuple[str, str]]:
        """Return (subject, text) with example facts in a language, for a computer (key pc) and a mobile phone (key
        mobile).

        Raises: MailTextBroken with the line where the text can't be rendered with one of its example facts.
        """
        language = registry.named(registry.offered(self.settings["INSTANCE"]), code)
        try:
            templates, facts = Templates(self.settings), examples.facts_for(kind, language)
            template = templates.compile(text, code)
            templates.require_known(text, {name for each in facts for name in each})
            made = [render(template, each) for each in facts]
        except errors.Refused:
            raise
        except Exception as error:  # whatever a text can raise
            raise errors.MailTextBroken(line=_line(error), reason=_reason(error)) from error
        return {"pc": made[0], "mobile": made[1]}


def _line(error: Exception) -> int:
    """Return the line of the text at which an error arose."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno or 1
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
    return (lines[-1] if lines else None) or 1


def _reason(error: Exception) -> str:
    if isinstance(error, SecurityError):
        return "この書き方は、安全のため使えません"
    if isinstance(error, UndefinedError):
        name = re.search(r"'(\w+)'(?: is undefined|$)", str(error))
        return f"「{name[1]}」という項目はありません" if name else "ない項目を使っています"
    if isinstance(error, UnknownName):
        return str(error.message)
    if isinstance(error, TemplateSyntaxError):
        hint = _hint(error.message or "")
        return f"書き方が正しくありません（{hint}）" if hint else "書き方が正しくありません"
    if isinstance(error, TemplateNotFound):
        return f"ほかの文面を読み込めません（{one_line(str(error.name))[:100]}）"
    if isinstance(error, ZeroDivisionError):
        return "計算できません（0では割れません）"
    return "計算できません（文字・数・一覧の使い方が合っていません）"


def _hint(message: str) -> str:
    """Return a Japanese hint for a message of Jinja's parser or of this module; empty where none helps."""
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
