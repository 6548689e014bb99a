"""本棚 of two patrons: books to read, books for a child, and a gift of essays; the second has a link."""

from datetime import date, timedelta

from library.demonstration import patrons
from library.reading import shelved, shelves
from models import Patron, Shelf, ShelvedTitle, Title

# (patron, name, description, link, titles)
SHELVES = (
    (patrons.READER, shelves.TO_READ, "", "", (
        "銀河鉄道の夜", "こころ", "武蔵野", "遠野物語", "茶の本", "学問のすすめ", "善の研究", "日本脱出記", "家庭料理の話",
        "檸檬", "津軽", "智恵子抄",
    )),
    (patrons.READER, "子どもと読む", "寝る前に、声に出して読みたい本です。", "kodomo-to-yomu-demonstration", (
        "注文の多い料理店", "セロ弾きのゴーシュ", "赤い蝋燭と人魚", "手袋を買いに", "風の又三郎",
    )),
    (patrons.OVERDUE, "本の話", "読書についての随筆を集めています。", "", (
        "読書法", "読書の今昔", "僕の読書法", "学生と読書", "私の読書遍歴", "如何に読書すべきか",
    )),
)  # fmt: skip
NOTES = {"遠野物語": "旅行の前に読む。地図といっしょに。", "茶の本": "もとは英語で書かれた本。訳のちがいも見たい。"}
READ = {"檸檬": 40, "手袋を買いに": 12, "読書法": 75}  # days ago


def write(*, today: date) -> None:
    people = list(Patron.select().order_by(Patron.card_number))
    for patron, name, description, token, titles in SHELVES:
        shelf = shelves.create(people[patron], name, description)
        Shelf.update(token=token).where(Shelf.id == shelf.id).execute()
        known = {title.title: title for title in Title.select().where(Title.title.in_(titles)).order_by(Title.id)}
        shelved.put(shelf, [known[title] for title in titles], today=today)
    for title, note in NOTES.items():
        ShelvedTitle.update(note=note).where(ShelvedTitle.title_text == title).execute()
    for title, days in READ.items():
        ShelvedTitle.update(read_on=today - timedelta(days=days)).where(ShelvedTitle.title_text == title).execute()
