"""A program of another system, written from FORMAT.ja.md alone: it reads a pack into a database of its own design."""

import csv
import json
import sqlite3
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

JAPAN = timezone(timedelta(hours=9))
TABLES = "branch patron card_number patron_address title author contributor item loan hold".split()
DESIGN = """
CREATE TABLE reader AS SELECT card_number card, p.name, name_kana kana, birth_date born, postal_code zip, address home,
  category kind, (SELECT name FROM pack.branch WHERE id = branch_id) branch, expires_on until, state,
  phone_home || ';' || phone_mobile || ';' || phone_work phones,
  (SELECT group_concat(n.kind || ':' || n.number) FROM pack.card_number n WHERE patron_id = p.id AND kind <> 'current')
  others, (SELECT group_concat(a.address) FROM
           (SELECT address FROM pack.patron_address WHERE patron_id = p.id ORDER BY position) a) mails
  FROM pack.patron p;
CREATE TABLE book AS SELECT id uid, title name, title_kana reading, volume, publisher, year, isbn, ndc class,
  (SELECT group_concat(name || '/' || kana || '/' || role, ';') FROM
   (SELECT name, kana, role FROM pack.contributor JOIN pack.author a ON a.id = author_id WHERE title_id = t.id
    ORDER BY position)) authors, replace(subjects, char(10), ';') subjects FROM pack.title t;
CREATE TABLE copy AS SELECT barcode number, title_id book, b.name branch, shelf, call_number label, state
  FROM pack.item i JOIN pack.branch b ON b.id = i.branch_id ORDER BY i.id;
CREATE TABLE lent AS SELECT barcode copy, card_number card, lent_on since, due_on due, renewals FROM pack.loan l
  JOIN pack.item i ON i.id = l.item_id JOIN pack.patron p ON p.id = l.patron_id WHERE returned_on IS NULL ORDER BY l.id;
CREATE TABLE queue AS SELECT h.title_id book, card_number card, b.name branch, h.state, barcode copy,
  substr(japanese(placed_at), 1, 19) placed,
  row_number() OVER (PARTITION BY h.title_id ORDER BY rank, japanese(placed_at), h.id) place
  FROM pack.hold h JOIN pack.patron p ON p.id = h.patron_id JOIN pack.branch b ON b.id = h.pickup_branch_id
  LEFT JOIN pack.item i ON i.id = h.item_id WHERE h.state IN ('waiting', 'preparing', 'in_transit', 'ready');
"""


def read(pack, name, db):
    kinds = [each["type"] for each in json.loads((pack / "schema" / f"{name}.json").read_text("utf-8"))["fields"]]
    with open(pack / "tables" / f"{name}.csv", encoding="utf-8-sig", newline="") as file:
        names, _, *rows = csv.reader(file)
    columns = [f"{each} {'INTEGER' if kind == 'integer' else 'TEXT'}" for each, kind in zip(names, kinds, strict=True)]
    db.execute(f"CREATE TABLE pack.{name} ({', '.join(columns)})")
    values = ([None if text == r"\N" else text for text in row] for row in rows)
    db.executemany(f"INSERT INTO pack.{name} VALUES ({', '.join('?' * len(names))})", values)


def japanese(text):
    return datetime.fromisoformat(text).astimezone(JAPAN).strftime("%Y-%m-%d %H:%M:%S.%f")


if __name__ == "__main__":
    made = sqlite3.connect(sys.argv[2], isolation_level=None)
    made.execute("ATTACH ':memory:' AS pack")
    made.create_function("japanese", 1, japanese)
    for table in TABLES:
        read(Path(sys.argv[1]), table, made)
    made.executescript(DESIGN)
