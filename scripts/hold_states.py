"""Draw the states of a hold into docs/holds.md, from the table in library/lending/holds/hold_states.py.

python scripts/hold_states.py
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "holds.md"
DIAGRAM = re.compile(r"(?<=```mermaid\n).*?(?=```)", re.DOTALL)


def with_diagram(text: str, diagram: str) -> str:
    """Return the document with the diagram in the place of the one that it has."""
    return DIAGRAM.sub(lambda _: f"{diagram}\n", text, count=1)


def main() -> None:
    sys.path.insert(0, str(ROOT))
    from library.lending.holds import hold_states

    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(with_diagram(text, hold_states.diagram()), encoding="utf-8")


if __name__ == "__main__":
    main()
