"""Commands that write 引っ越しパック: export everything, and the work that began at the desk."""

from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import current_app

import config
import console
from cli.files import command
from cli.packs import Place, from_stdin, instance, line, show
from library import audit, clock
from library.ebooks import stock
from library.files import age
from library.packs import at_desk, contents, writing
from library.site import face
from library.store import database


@command("export", "everything", short_help="引っ越しパックを作ります")
@click.argument("path", metavar="DIR|FILE.zip", type=Place)
@click.option("--plain", is_flag=True, help="zip を暗号化しません（読書にかかわるものは入れません）")
@from_stdin
def export_everything(path: Path, plain: bool, passphrase_stdin: bool) -> None:
    """図書館のすべてを、ほかのプログラムでも読める形で書き出します。サーバーが動いていても、ひとまとまりになります。

    FILE.zip は暗号化して FILE.zip.age に書き、鍵を同じフォルダの key.age に置きます。key.age は合言葉で開きます。
    DIR と --plain の zip は暗号化しないので、貸出履歴、本棚、新着資料のお知らせの条件、予約かご、レファレンスの質問を入れません。"""
    is_zip = path.suffix == ".zip"
    if plain and not is_zip:
        raise console.Misused("--plain は FILE.zip を書くときだけ使えます。", click.get_current_context())
    with console.library():
        write, made_up = _way(path, is_zip, plain, passphrase_stdin)
        now = clock.now()
        made = write(_origin(), now=now, progress=console.bar("書き出しています"))
        with database.writing():
            audit.record("pack.made", actor="command", now=now, rows=made.rows, encrypted=is_zip and not plain)
    click.echo(f"引っ越しパックを作りました: {made.path}（{made.rows:,} 行）")
    show(made.figures)
    for title in made.missing:
        click.echo(f"ファイルがないため、入れなかった電子書籍: {title}")
    for words in contents.words_left_out(with_reading=is_zip and not plain):
        click.echo(f"入っていないもの: {words}")
    if is_zip and not plain:
        click.echo(f"鍵: {made.path.with_name(writing.KEY_FILE)}（パックとは別に運ぶと安全です）")
    if made_up:
        click.echo(f"合言葉（いま書き留めてください。二度と表示しません）: {made_up}")


def _way(path: Path, is_zip: bool, plain: bool, is_piped: bool) -> tuple[Any, str]:
    """Return what writes the pack, and the passphrase if we drew it."""
    if not is_zip:
        return partial(writing.to_folder, path), ""
    if plain:
        return partial(writing.to_plain_zip, path), ""
    if is_piped:
        typed = line()
    else:
        typed = click.prompt(
            f"合言葉（{age.SHORTEST}文字以上。空のままだと、7つの言葉を選びます）",
            default="", show_default=False, hide_input=True, confirmation_prompt="もう一度", err=True,
        )  # fmt: skip
    made_up = "" if typed else age.drawn_words()
    passphrase = age.require_passphrase(typed or made_up)
    return partial(writing.to_encrypted_zip, path.with_name(f"{path.name}.age"), passphrase), made_up


@command("export", "work", short_help="窓口で始めた引っ越しパックを作ります（サーバーが使います）")
@click.option("--by", default="command", metavar="WHO", help="操作の記録に書く名前")
def work(by: str) -> None:
    """窓口の「引っ越しパック」で始めたパックを作ります。合言葉は標準入力から読みます。サーバーが自分で使うコマンドです。"""
    passphrase = line()
    with console.library():
        admin_mail = current_app.config["ADMIN_MAIL"]
        at_desk.work(instance(), passphrase, _origin(), by=by, admin_mail=admin_mail, now=clock.now())


def _origin() -> writing.Origin:
    return writing.Origin(face.name(current_app.config), config.VERSION, instance() / stock.FOLDER)
