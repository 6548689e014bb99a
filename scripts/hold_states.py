"""Draw the states of holds, requests and borrowings into their documents, from their tables in the library.

python scripts/hold_states.py
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = tuple(ROOT / "docs" / f"{name}.md" for name in ("holds", "requests", "interlibrary"))
DIAGRAM = re.compile(r"(?<=```mermaid\n).*?(?=```)", re.DOTALL)


def with_diagram(text: str, diagram: str) -> str:
    """Return the document with the diagram in the place of the one that it has."""
    return DIAGRAM.sub(lambda _: f"{diagram}\n", text, count=1)


def main() -> None:
    sys.path.insert(0, str(ROOT))
    from library.interlibrary import states as borrowing_states
    from library.lending.holds import hold_states
    from library.requests import states

    for document, table in zip(DOCUMENTS, (hold_states, states, borrowing_states), strict=True):
        document.write_text(with_diagram(document.read_text(encoding="utf-8"), table.diagram()), encoding="utf-8")


if __name__ == "__main__":
    main()
