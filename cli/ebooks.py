"""The commands of e-books: files that are too large for a page."""

from pathlib import Path

import click
from flask import current_app

from cli.files import command
from library import clock, errors
from library.ebooks import stock
from server import console


@command("ebooks", "add", short_help="電子書籍（EPUB）を加えます")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--licences", type=click.IntRange(*stock.LICENCES), help="同時に貸せる数（書かなければ、何人でも）")
@click.option("--days", type=click.IntRange(*stock.DAYS), help="貸出日数（書かなければ、貸出ルールのとおり）")
@click.option(
    "--title", "title_id", type=int, metavar="ID", help="すでにある書誌の番号（書かなければ、新しく作ります）"
)
def add(file: Path, licences: int | None, days: int | None, title_id: int | None) -> None:
    """EPUB のファイルを調べて、電子書籍として加えます。FILE はそのまま残ります。"""
    folder = Path(current_app.instance_path) / stock.FOLDER
    given = {"title_id": title_id, "licences": licences, "days": days, "by": "command"}
    with console.library():
        try:
            made = stock.add(file, folder, today=clock.today(), now=clock.now(), **given)
        except errors.Refused as refusal:
            raise console.Sentence(refusal.sentence) from refusal
    click.echo(f"加えました: {made.title.title}")
