"""Choose the titles of the demonstration library out of the public list of works of 青空文庫 (Aozora Bunko).

    python scripts/demonstration_titles.py LIST.tsv > library/demonstration/titles.tsv

The list is the one that 青空文庫 (https://www.aozora.gr.jp/) publishes of all its works, one work a line, with the columns
作品ID, 作品名, 作品名読み, 副題, 分類番号, 文字遣い種別 and 人物 (role|family|given|family's reading|given's reading, joined by ；).
Only facts are taken: title, reading, author, the author's reading, NDC class. Thanks to 青空文庫 and its volunteers.
What a book has besides (publisher, year, ISBN …) is invented by demonstration_facts.py.

The headings of the result are those of ``catalog import``. The same list gives the same file.
"""

import argparse
import csv
import re
import sys
import unicodedata
from pathlib import Path

from demonstration_facts import Facts

COLUMNS = (
    "source_id", "title", "title_kana", "author", "author_kana", "ndc", "audience",
    "publisher", "year", "isbn", "subjects", "extent", "price",
)  # fmt: skip
SPELLINGS = ("新字新仮名", "新字旧仮名", "旧字新仮名", "旧字旧仮名", "その他")  # the first at hand is taken
CLASS = re.compile(r"NDC (K?)(\d{3})")
CHOSEN = Path(__file__).with_suffix(".txt")


def read_chosen(path: Path) -> list[tuple[str, str]]:
    """Return author and title of each work that is wanted: lines of ``author：title／title``; # begins a comment."""
    chosen = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            author, _, titles = line.partition("：")
            chosen += [(author, title) for title in titles.split("／")]
    return chosen


def read_works(path: str) -> dict[tuple[str, str], list[dict]]:
    """Return the works of the list by author and title. Works without class or reading are left out."""
    works: dict[tuple[str, str], list[dict]] = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if not row["作品名読み"] or not CLASS.match(row["分類番号"]):
                continue
            for person in row["人物"].split("；"):
                author, author_kana = name_of(person)
                if author:
                    found = row | {"author": author, "author_kana": author_kana}
                    works.setdefault((author, row["作品名"]), []).append(found)
    return works


def name_of(person: str) -> tuple[str, str]:
    """Return name and reading of a person with the role 著者, else two empty texts: 夏目漱石, but チャールズ・ディケンズ."""
    role, family, given, family_kana, given_kana = person.split("|")
    if role != "著者":
        return "", ""
    foreign = given and re.fullmatch(r"[ァ-ヶー・＝=]+", family)
    name = f"{given}・{family}" if foreign else family + given
    return name, katakana(f"{family_kana} {given_kana}".strip())


def katakana(text: str) -> str:
    return "".join(
        chr(ord(sign) + 0x60) if "ぁ" <= sign <= "ゖ" else sign for sign in unicodedata.normalize("NFKC", text)
    )


def preference(work: dict[str, str]) -> tuple:
    """Return the key of which the least is taken: a whole work before its parts (they have a 副題), the modern spelling
    before the old one.
    """
    return bool(work["副題"]), SPELLINGS.index(work["文字遣い種別"]), work["作品ID"]


def record(work: dict[str, str]) -> dict[str, str]:
    """Return the facts of a work under the headings of the result."""
    children, ndc = next(CLASS.finditer(work["分類番号"])).groups()
    return {
        "source_id": work["作品ID"],
        "title": unicodedata.normalize("NFC", work["作品名"]).replace("\u3000", " "),
        "title_kana": katakana(work["作品名読み"]),
        "author": work["author"],
        "author_kana": work["author_kana"],
        "ndc": ndc,
        "audience": "児童" if children else "一般",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("list", help="the public list of works, tab-separated")
    works = read_works(parser.parse_args().list)
    records, facts = [], Facts()
    for wanted in read_chosen(CHOSEN):
        if wanted in works:
            book = record(min(works[wanted], key=preference))
            records.append(book | facts.invent(book))
        else:
            print(f"not in the list: {wanted[0]} {wanted[1]}", file=sys.stderr)
    writer = csv.DictWriter(sys.stdout, COLUMNS, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE)
    writer.writeheader()
    writer.writerows(sorted(records, key=lambda each: (each["ndc"], each["author_kana"], each["source_id"])))


if __name__ == "__main__":
    main()
