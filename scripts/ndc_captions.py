"""Make library/catalog/ndc.tsv, the words for the classes of 日本十進分類法, out of the association's data.

    python scripts/ndc_captions.py ndc9.json > library/catalog/ndc.tsv

The data is one object, "ndc9:913": "小説．物語". Three levels are taken: 類, 綱 and 目. Deeper captions (近代：明治以後 of 913.6) say
little without those above them, and would be ten times as many.
"""

import json
import re
import sys
from pathlib import Path

HEADER = """\
# Classes of 日本十進分類法 新訂9版: class, caption. Made by scripts/ndc_captions.py; do not edit.
# (c) 日本図書館協会 (Japan Library Association), CC BY
"""
LEVELS = re.compile(r"[0-9]{1,3}")


def main() -> None:
    data = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(HEADER, end="")
    for code, caption in sorted((name.partition(":")[2], caption) for name, caption in data.items()):
        if LEVELS.fullmatch(code):
            print(code, caption.strip(), sep="\t")


if __name__ == "__main__":
    main()
