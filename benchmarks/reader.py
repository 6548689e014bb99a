"""Reading e-books: the parts of a book of 100, of 14,000 letters each with ruby, as pages; the first time, and again.

.venv/bin/python benchmarks/reader.py [--parts 100] [--kilobytes 40]
"""

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1]))

from _promises import Promise, parser, report

from library.ebooks import contents, part_pages
from tests import books_to_read

MOST = 100  # milliseconds of a part, at the 95th of 100
SENTENCE = "<p>　坂の上の<ruby>家<rt>いえ</rt></ruby>に明かりがともり、町の<ruby>時計<rt>とけい</rt></ruby>が七つ打った。だれかが本をひらく音がする。</p>"


def build(path: Path, parts: int, kilobytes: int) -> None:
    body = "<h1>章</h1>" + SENTENCE * (kilobytes * 1024 // len(SENTENCE.encode()))
    path.write_bytes(books_to_read.vertical_of(body, parts))


def timed(path: Path, parts: int) -> float:
    """Return the milliseconds of the part at the 95th of 100."""
    taken = []
    for number in range(1, parts + 1):
        begun = time.perf_counter()
        part_pages.part(path, number)
        taken.append((time.perf_counter() - begun) * 1000)
    return sorted(taken)[int(len(taken) * 0.95) - 1]


def main() -> int:
    arguments = parser(__doc__)
    arguments.add_argument("--parts", type=int, default=100)
    arguments.add_argument("--kilobytes", type=int, default=40)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "book.epub")
        build(path, given.parts, given.kilobytes)
        begun = time.perf_counter()
        contents.read(path)
        opened = (time.perf_counter() - begun) * 1000
        return report(
            [
                Promise(f"contents of a book of {given.parts} parts", opened, MOST),
                Promise(f"a part of {given.kilobytes} KB, p95", timed(path, given.parts), MOST),
            ]
        )


if __name__ == "__main__":
    sys.exit(main())
