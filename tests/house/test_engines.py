"""Two engines, one house: what they spell in two ways stands where the reader looks for it, and no rule knows which one
runs.
"""

import re
import subprocess
import sys

from scripts.check_tree import ROOT, product
from tests.each import of_each

STORE = ROOT / "library" / "store"
FULLTEXT = ROOT / "library" / "catalog" / "fulltext"
FILES = product()
OF_AN_ENGINE = re.compile(
    r"PRAGMA|VACUUM|json_each|json_group|group_concat|string_agg|\bpg_\w+|::(?:text|int|bigint|json)|\bMATCH \?|GLOB|psycopg"
)
ASKS = re.compile(r"is_server\(|isinstance\([^)]*SqliteDatabase")
# what each engine has in its own way, besides library/store
TWO_WAYS = {FULLTEXT / "fts5.py", FULLTEXT / "gin.py"}
# who chooses between the two of them
CHOOSE = {FULLTEXT / "index.py"}


def lines(path, pattern):
    """Return the lines of code, not of comments, that have this in them."""
    text = path.read_text(encoding="utf-8")
    return [
        line
        for line in text.splitlines()
        if pattern.search(line.partition("  #")[0]) and not line.lstrip().startswith("#")
    ]


@of_each([path for path in FILES if STORE not in path.parents])
def test_no_rule_knows_the_engine(path):
    assert lines(path, re.compile(r"\.execute_sql\(")) == []
    if path not in TWO_WAYS:
        assert lines(path, OF_AN_ENGINE) == []
        if path not in CHOOSE:
            assert lines(path, ASKS) == []


def test_a_library_in_a_file_needs_no_driver_of_a_server(tmp_path):
    made = "import sys; sys.modules['psycopg'] = None; from app import create_app; create_app(INSTANCE=sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", made, tmp_path], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
