"""Look through the tracked files for what must not be there, read every template, and start the web server with our
settings.

    .venv/bin/python scripts/check_tree.py

Prints each finding as file:line and ends with 1 when there is one. tests/house/test_files.py asks the same.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, TemplateSyntaxError

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from server import web_server

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("blueprints", "cli", "library", "sending", "server", "settings", "tables", "web")  # folders of the program
LARGEST = 400 * 1024  # bytes
LARGER = {
    "library/catalog/folding/readings.tsv": 6_000_000,  # a list of words
    "translations/ja/messages.po": 1_000_000,
    "translations/ja-simple/messages.po": 1_000_000,
    "translations/en/messages.po": 1_000_000,
}
BINARY = {".age", ".gz", ".ico", ".png", ".woff2"}
# Hosts that a file may name: this machine, names that are nobody's (RFC 2606, 6761), and pages that are only cited.
NOBODYS = re.compile(r"(?:.*\.)?(?:example\.(?:jp|com|org|net)|[a-z0-9-]+\.test|localhost|host)\Z", re.I)
CITED = {
    "127.0.0.1",
    "github.com",
    "keepachangelog.com",
    "semver.org",
    "www.aozora.gr.jp",
    "www.apache.org",
    "www.daisy.org",
    "www.openstreetmap.org",
    "www.rfc-editor.org",
    "www.sqlite.org",
    "id.ndl.go.jp",
    "isni.org",
    "viaf.org",
    "a9.com",
    "explain.z3950.org",
    "iss.ndl.go.jp",
    "ndl.go.jp",
    "ndlsearch.ndl.go.jp",
    "ns.adobe.com",
    "openbd.jp",
    "opds-spec.org",
    "purl.org",
    "schema.org",
    "www.sitemaps.org",
    "www.idpf.org",
    "www.loc.gov",
    "www.ndl.go.jp",
    "www.openarchives.org",
    "www.w3.org",
    "xmlns.com",
}
ADDRESS = re.compile(r"\bhttps?://\[?([A-Za-z0-9.-]+)")
# What pip, npm or apt would write down of the place that a package came from.
SOURCE_OPTION = re.compile(r"-{2}(?:(?:extra-)?index-url|find-links|registry)\b|^(?:deb|deb-src) \[?http", re.M)
SOMEONES_FOLDER = re.compile(r"(?<![\w.*:{}/-])/(?:root|home/\w+|Users/\w+|work)/\w")


def tracked() -> list[Path]:
    """Return the files of the tree: those that git knows, or all but the made ones where there is no git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)  # noqa: S607
    if listed.returncode == 0:
        names = listed.stdout.decode().split("\0")
        return [ROOT / name for name in names if name and (ROOT / name).is_file()]
    made = {".venv", "instance", "dist", ".git", "__pycache__", ".ruff_cache", ".hypothesis"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not made & set(path.relative_to(ROOT).parts)]


def product() -> list[Path]:
    """Return the modules of the program: those of the root and of its folders, in the order of their names."""
    return [*sorted(ROOT.glob("*.py")), *(path for folder in PRODUCT for path in sorted((ROOT / folder).rglob("*.py")))]


def findings() -> list[str]:
    return [found for path in tracked() for found in _in_file(path)] + broken_templates() + dropped_settings()


def _in_file(path: Path) -> Iterator[str]:
    name = path.relative_to(ROOT)
    most = LARGER.get(name.as_posix(), LARGEST)
    if path.stat().st_size > most:
        yield f"{name}: larger than {most // 1024} KB"
    if path.suffix in BINARY or name.parts[:2] == ("static", "vendor"):
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        yield from (f"{name}:{number}: {problem}" for problem in _in_line(line))


def _in_line(line: str) -> Iterator[str]:
    for host in ADDRESS.findall(line):
        if host not in CITED and not NOBODYS.match(host):
            yield f"names the host {host}; cite it in scripts/check_tree.py if it is a page to read"
    if SOURCE_OPTION.search(line):
        yield "tells where packages come from"
    if SOMEONES_FOLDER.search(line):
        yield "names a folder of somebody's machine"


def broken_templates() -> list[str]:
    folder = ROOT / "templates"
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True)
    found = []
    for name in environment.list_templates():
        try:
            environment.parse((folder / name).read_text(encoding="utf-8"), name=name)
        except (TemplateSyntaxError, UnicodeDecodeError) as error:
            found.append(f"templates/{name}:{getattr(error, 'lineno', '')}: {error}")
    return found


def dropped_settings() -> list[str]:
    """Return the setting that this version of the web server no longer has: it does not start with it."""
    with web_server.bind("127.0.0.1", 0)[0] as socket:
        try:
            web_server.listen(lambda *_: [], [socket], connections=100).close()
        except ValueError as error:
            return [f"server/web_server.py: {error}"]
    return []


if __name__ == "__main__":
    problems = findings()
    print("\n".join(problems) or "The tree is clean.")
    sys.exit(bool(problems))
