"""Bring the catalogues of words up to date: ``python scripts/catalogues.py``.

Each sentence for patrons gets its entry in translations/*/messages.po; what is said no more goes. Tells how many
sentences each language lacks. Which files are read stands in translations/sources.toml.
"""

import ast
import re
import tomllib
from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message, pofile
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "translations"
JAPANESE = re.compile(r"[「ぁ-んァ-ヶ一-鿿々〆]")
MARKED = re.compile(rf"{JAPANESE.pattern}|[」（）：。、・〜]")  # what _() says may be brackets around a blank
N = "{n}"  # in a sentence with a singular and a plural
SAYS = ("_", "N_")  # N_: said with its facts by the macro that gets it
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def sentences() -> dict[str, str]:
    """Return every msgid with the file that says it first, in the order of files and lines."""
    sources = tomllib.loads((CATALOGUES / "sources.toml").read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for path in sorted((ROOT / "templates").rglob("*.*")):
        name = path.relative_to(ROOT).as_posix()
        if not any(name.startswith(f"{each}/") for each in sources["without"]):
            for msgid in of_template(path.read_text(encoding="utf-8")):
                found.setdefault(msgid, name)
    for name in sources["python"]:
        left_out = sources["except"].get(name, ())
        for msgid in of_python((ROOT / name).read_text(encoding="utf-8"), sources["only"].get(name, ())):
            if msgid not in left_out:
                found.setdefault(msgid, name)
    for name in sources["toml"]:
        for msgid in of_values(tomllib.loads((ROOT / name).read_text(encoding="utf-8"))):
            found.setdefault(msgid, name)
    return found


def of_template(source: str) -> Iterator[str]:
    """Yield the Japanese sentences that a template says by ``_("…")`` or leaves to a macro by ``N_("…")``."""
    for call in Environment(autoescape=True).parse(source).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in SAYS and call.args:
            yield from filter(MARKED.search, _texts(call.args[0]))


def _texts(node: nodes.Node | None) -> Iterator[str]:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, nodes.CondExpr):
        yield from _texts(node.expr1)
        yield from _texts(node.expr2)


def of_python(source: str, only: Collection[str] = ()) -> Iterator[str]:
    """Yield the Japanese texts of a Python file; docstrings are none. ``only``: the names of its parts that are
    read.
    """
    tree = ast.parse(source)
    if only:
        tree.body = [node for node in tree.body if not set(only).isdisjoint(_names(node))]
    left_out = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, DOCUMENTED) and node.body and isinstance(node.body[0], ast.Expr)
    }
    said = {id(node.args[0]) for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_sentence(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield from filter((MARKED if id(node) in said else JAPANESE).search, [node.value])


def _is_sentence(call: ast.Call) -> bool:
    """Tell whether a call makes a Sentence, which says its first argument."""
    return bool(call.args) and ast.unparse(call.func).rpartition(".")[2] == "Sentence"


def _names(node: ast.stmt) -> list[str]:
    """Return the names that a statement of a module gives: of its constants, its function or its class."""
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return [node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else []


def of_values(value: object) -> Iterator[str]:
    """Yield the Japanese texts among the values of a TOML file."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from of_values(each)
    elif isinstance(value, str):
        yield from filter(JAPANESE.search, [value])


def bring_up_to_date(path: Path, wanted: dict[str, str]) -> int:
    """Write the catalogue ``path`` with exactly these sentences, and return the number that has no translation.

    What is translated stays, as does the head of the file.
    """
    text = path.read_text(encoding="utf-8")
    old = pofile.read_po(BytesIO(text.encode()), abort_invalid=True)
    new = Catalog(locale=old.locale)
    for msgid, place in wanted.items():
        kept = old.get(msgid)
        string = kept.string if kept and is_translated(kept) else None
        new.add((msgid, msgid) if N in msgid else msgid, string, locations=[(place, 0)])
    written = BytesIO()
    pofile.write_po(written, new, width=0, include_lineno=False, omit_header=True)
    head = text.partition("\n\n")[0].rstrip()
    path.write_text(f"{head}\n\n{written.getvalue().decode()}", encoding="utf-8")
    return sum(not is_translated(message) for message in new if message.id)


def is_translated(message: Message) -> bool:
    """Tell whether a sentence of a catalogue is there, in each of its forms."""
    forms = message.string
    return bool(forms) if isinstance(forms, str) else all(forms or [""])


def main() -> None:
    wanted = sentences()
    for path in sorted(CATALOGUES.glob("*/messages.po")):
        print(f"{path.parent.name}: {len(wanted)} sentences, {bring_up_to_date(path, wanted)} missing")


if __name__ == "__main__":
    main()
