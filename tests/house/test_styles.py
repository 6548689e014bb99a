"""A look that several parts have is written once: css/shared/ is where they meet."""

import re

from scripts.check_tree import ROOT

BLOCK = re.compile(r"([^{};]+)\{([^{}]*)\}")
COMMENT = re.compile(r"/\*.*?\*/", re.S)
LIKELY = 3  # declarations that two parts may share by chance


def blocks():
    """Return the selectors of each longer block, by its declarations."""
    found = {}
    for path in sorted(ROOT.glob("static/css/**/*.css")):
        for selectors, body in BLOCK.findall(COMMENT.sub("", path.read_text(encoding="utf-8"))):
            declarations = frozenset(" ".join(each.split()) for each in body.split(";") if each.strip())
            if len(declarations) > LIKELY:
                found.setdefault(declarations, []).append(f"{path.name}: {' '.join(selectors.split())}")
    return found


def test_a_block_of_style_stands_once():
    assert [twice for twice in blocks().values() if len(twice) > 1] == []
