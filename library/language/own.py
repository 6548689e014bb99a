"""Languages that a library adds: a catalogue in ``translations/<code>/`` of its folder, offered once it is filled."""

import re
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from babel.messages import Catalog, Message, pofile

from library.language import catalogues, languages

FOLDER = "translations"  # in the instance folder
ENOUGH = 0.95  # of all sentences; the rest is said in English
BLANK = re.compile(r"\{(\w+)\}")
NAME, READ_BY = "X-Name", "X-Read-By"  # in the head of a catalogue: the language's own name; who has read it


class Wrong(NamedTuple):
    """A translation with other blanks than its sentence: ``lost`` or ``unknown`` names stand in braces."""

    msgid: str
    blanks: str


class Checked(NamedTuple):
    """A language of the library's own, checked. ``trouble``: a sentence by which the file can't be read."""

    code: str
    name: str = ""
    sentences: int = 0
    missing: int = 0
    wrong: tuple[Wrong, ...] = ()
    trouble: str = ""

    @property
    def is_offered(self) -> bool:
        """True if patrons may choose it."""
        filled = self.sentences - self.missing
        return not self.trouble and not self.wrong and bool(self.name) and filled >= ENOUGH * self.sentences > 0


def path(instance: Path, code: str) -> Path:
    """Return the catalogue of a language in a library's folder."""
    return instance / FOLDER / code / catalogues.FILE


def folder(instance: Path, tag: str) -> Path:
    """Return the folder of a language by its tag: zh_Hans for zh-Hans."""
    return instance / FOLDER / tag.replace("-", "_")


def codes(instance: Path) -> list[str]:
    """Return the languages that have a catalogue in a library's folder."""
    return sorted(found.parent.name for found in (instance / FOLDER).glob(f"*/{catalogues.FILE}"))


def is_language(code: str) -> bool:
    """Tell whether a code is that of a language which may be added: zh_Hans, ko, pt_BR, vi."""
    try:
        Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return False
    return code not in (languages.JAPANESE, languages.EASY, languages.ENGLISH)


def begin(instance: Path, code: str) -> Path:
    """Write an empty catalogue with the English beside each sentence, and return its path. Raises: FileExistsError."""
    locale = Locale.parse(code)
    written = Catalog(locale=locale)
    for msgid, english in _english().items():
        written.add((msgid, msgid) if "{n}" in msgid else msgid, auto_comments=[english])
    head = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {code}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {written.plural_forms}\\n"\n'
        f'"{NAME}: {locale.get_display_name() or code}\\n"\n"{READ_BY}: \\n"\n\n'
    )
    body = BytesIO()
    pofile.write_po(body, written, width=0, omit_header=True)
    begun = path(instance, code)
    begun.parent.mkdir(parents=True, exist_ok=True)
    with begun.open("x", encoding="utf-8") as file:
        file.write(head + body.getvalue().decode())
    return begun


def check(instance: Path, code: str) -> Checked:
    """Return a language of the library's own, checked against the sentences that are said now."""
    try:
        own = pofile.read_po(BytesIO(path(instance, code).read_bytes()), abort_invalid=True)
    except (OSError, ValueError, pofile.PoFileError) as reason:
        return Checked(code, trouble=str(reason))
    wanted = _english()
    filled = {msgid: forms for message in own if (msgid := _id(message)) in wanted and all(forms := _forms(message))}
    wrong = tuple(
        Wrong(msgid, blanks)
        for msgid, forms in filled.items()
        for form in forms
        if (blanks := wrong_blanks(msgid, form))
    )
    name = catalogues.head(path(instance, code)).get(NAME, "")
    return Checked(code, name, len(wanted), len(wanted) - len(filled), wrong)


def wrong_blanks(msgid: str, translated: str) -> str:
    """Return the blanks that a translation lost or made up, as {day} {n}; "" where it has those of its sentence.

    A plural may leave out ``{n}``: one item.
    """
    wanted, found = set(BLANK.findall(msgid)), set(BLANK.findall(translated))
    return " ".join(f"{{{name}}}" for name in sorted((wanted ^ found) - ({"n"} if "n" in wanted else set())))


def entries(path: Path) -> list[tuple[str, tuple[str, ...]]]:
    """Return each msgid of a catalogue with its forms: one, or a singular and a plural."""
    return [(_id(message), _forms(message)) for message in pofile.read_po(BytesIO(path.read_bytes())) if message.id]


def _english() -> dict[str, str]:
    """Return every msgid with its English, the last of its forms."""
    return {msgid: forms[-1] for msgid, forms in entries(catalogues.SHIPPED / languages.ENGLISH / catalogues.FILE)}


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
