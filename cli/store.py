"""Commands of the database itself: db upgrade, check, backup, restore."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app

import config
import console
from cli.files import command
from library.account import registration
from library.ebooks import stock
from library.lending import items as copies
from library.store import backup, database, locks


@command("db", "upgrade", short_help="データベースを新しい版にします")
def upgrade() -> None:
    """データベースをこの版のプログラムに合わせます。サーバーを止めてから実行してください。"""
    with _stopped_server(), console.connected():
        database.check_usable()
        for name in database.migrate():
            click.echo(f"移行しました: {name}")
        with database.writing():  # as this version does, the columns that follow from others
            if changed := registration.fold_again():
                click.echo(f"氏名と電話番号の書き方をそろえた利用者: {changed:,} 人")
            for barcode in copies.fold_again():
                click.echo(f"小文字のまま残した資料番号（大文字にすると、ほかの資料の番号です）: {barcode}")
        click.echo("データベースは、この版のプログラムに合っています。")


@command("db", "check", short_help="データベースの壊れを調べます")
def check() -> None:
    """データベース全体と、行どうしのつながり、電子書籍のファイルの有無を調べます。見つかったものを並べ、あれば 1 で終わります。"""
    with console.connected():
        findings = database.damage_and_orphans()
        for finding in findings:
            click.echo(finding)
        if findings:
            raise console.Sentence(f"データベースに異常があります（{len(findings)} 件）。控えから戻してください。")
        database.check_usable()
        lost = [] if database.pending() else stock.missing(_ebooks())
        for ebook in lost:
            click.echo(f"電子書籍「{ebook.title.title}」のファイルがありません: {stock.file_of(ebook, _ebooks())}")
        if lost:
            raise console.Sentence(
                f"電子書籍のファイルが {len(lost)} 件ありません。写しておいた {_ebooks()} から戻してください。"
            )
    click.echo("データベースに異常はありません。")


def _ebooks() -> Path:
    return Path(current_app.instance_path) / stock.FOLDER


@command("db", "backup", short_help="データベースの控えを作ります")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
def back_up(path: Path) -> None:
    """サーバーが動いていても、ひとまとまりの控えを FILE に作ります。できた控えは、調べてから置きます。"""
    with console.connected():
        click.echo(f"控えを作りました: {backup.write(path)}")
    if files := len(list(_ebooks().glob("*.epub"))):
        click.echo(f"電子書籍のファイル（{files} 件）は入っていません。{_ebooks()} も写してください。")


@command("db", "restore", short_help="データベースを控えから戻します")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
def restore(path: Path) -> None:
    """控え FILE に戻します。いまのデータベースは、名前を変えて残します。メールは「outbox release」まで送りません。

    全員がログインし直します。パスワードと秘密のアドレスは、控えのときのものになります。"""
    with _stopped_server():
        target = console.database_file()
        if target is None:
            raise console.Sentence("SQLite のデータベースだけを戻せます。")
        former = backup.restore(path, target)
        click.echo(f"控えから戻しました: {path} → {target}")
        click.echo(
            f"いままでのデータベース: {former}" if former else "いままで、ここにデータベースはありませんでした。"
        )
        click.echo("ログイン中の画面、1回限りのリンク、書きかけの変更は、すべて終わりました。")
        click.echo("パスワードと、カレンダーや読書アプリの秘密のアドレスは、控えのときのものに戻っています。")
        click.echo(f"メールは止めてあります。確かめてから「{config.PROGRAM} outbox release」で再開してください。")


@contextmanager
def _stopped_server() -> Iterator[None]:
    lock = locks.server_lock(Path(current_app.config["INSTANCE"]))
    with console.sentences(), database.reached(), lock as free:
        if not free:
            raise console.Sentence("サーバーが動いています。止めてから実行してください。")
        yield
