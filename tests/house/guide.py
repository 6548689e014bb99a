"""Read the guide for administrators: docs/operating-guide.ja.md lists its chapters, each a file of docs/guide."""

import re
from dataclasses import dataclass
from pathlib import Path

from scripts.check_tree import ROOT

INDEX = ROOT / "docs" / "operating-guide.ja.md"
CRON = ROOT / "deploy" / "madoguchi.cron"
FILES = sorted((ROOT / "docs" / "guide").glob("*.md"))


def title(path: Path) -> str:
    """Return the heading of a chapter: "7. 取り込み"."""
    return path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")


CHAPTERS = {title(path).partition(". ")[2]: path.read_text(encoding="utf-8") for path in FILES}
TEXT = "\n".join([INDEX.read_text(encoding="utf-8"), *CHAPTERS.values()])


@dataclass(frozen=True)
class Block:
    """A fenced part of the guide, and where it stands. ``file``: where it is to be written, as its first line says;
    empty: nowhere.
    """

    chapter: str
    section: str
    language: str
    text: str

    @property
    def file(self) -> str:
        first = self.text.partition("\n")[0]
        return first.removeprefix("# ") if re.fullmatch(r"# /\S+", first) else ""

    @property
    def commands(self) -> list[str]:
        """Return the lines that are typed."""
        return [] if self.file or self.language not in ("", "sh") else [line for line in self.text.splitlines() if line]


def blocks() -> list[Block]:
    """Return the fenced parts of the guide in their order."""
    found = []
    for chapter, text in CHAPTERS.items():
        unboxed = re.sub(r"^> ?", "", text, flags=re.M)  # a command stands in a box below the desk's way
        for section in re.split(r"^##+ ", unboxed, flags=re.M):
            heading = section.partition("\n")[0]
            found += [
                Block(chapter, heading, *each) for each in re.findall(r"^```(\w*)\n(.*?)^```$", section, re.M | re.S)
            ]
    return found


def links(text: str) -> list[str]:
    """Return the files that a text leads to, as written, without their places inside."""
    return [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]


SCREENS = [
    path
    for folder in ("templates", "library", "web", "blueprints", "cli", "server", "sending", "settings")
    for path in sorted((ROOT / folder).rglob("*.*"))
    if path.suffix in (".html", ".txt", ".py")
]


def on_screens() -> str:
    """Return the words of all templates and of all sentences of the program, without spaces and tags."""
    text = "".join(path.read_text(encoding="utf-8") for path in SCREENS)
    return re.sub(r"</?[a-z][^<>]*>|\s+", "", text)
