"""Commands of the database itself: db upgrade, check, backup, restore, copy."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click
from flask import current_app

from cli.files import command
from library import dates
from library.account import registration
from library.backups import figures
from library.catalog.fulltext import index
from library.cutover import opening
from library.ebooks import stock
from library.store import backup, copying, database, locks, transfer
from server import console
from settings import folders, instances

HELD = f"メールは止めてあります。確かめてから「{instances.PROGRAM} outbox release」で再開してください。"


@command("db", "upgrade", short_help="データベースを新しい版にします")
def upgrade() -> None:
    """データベースをこの版のプログラムに合わせます。サーバーを止めてから実行してください。"""
    with console.connected(), _stopped_server():
        database.check_usable()
        for name in database.migrate():
            click.echo(f"移行しました: {name}")
        fold_again()
        click.echo("データベースは、この版のプログラムに合っています。")


def fold_again() -> None:
    """Write as this version does the columns that follow from others."""
    with database.writing():
        if changed := registration.fold_again():
            click.echo(f"氏名と電話番号の書き方をそろえた利用者: {changed:,} 人")


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
@click.option("--yes", "sure", is_flag=True, help="図書館の名前を尋ねずに戻します")
def restore(path: Path, sure: bool) -> None:
    """控え FILE に戻します。いまのデータベースは、名前を変えて残します。メールは「outbox release」まで送りません。

    置き換わる図書館の名前、件数、いちばん新しい貸出を表示し、図書館の名前を尋ねます。
    全員がログインし直します。パスワードと秘密のアドレスは、控えのときのものになります。"""
    with console.sentences():
        if not _instance().is_dir():
            raise console.Sentence(instances.no_library(current_app.config))
        folders.prepare_instance(current_app.config)
        target = console.database_file()
        former = _restore_on_server(path) if target is None else _restore_file(path, target, sure=sure)
    click.echo(f"控えから戻しました: {path} → {target or 'PostgreSQL'}")
    if target:
        click.echo(
            f"いままでのデータベース: {former}" if former else "いままで、ここにデータベースはありませんでした。"
        )
    click.echo("ログイン中の画面、1回限りのリンク、書きかけの変更は、すべて終わりました。")
    click.echo("パスワードと、カレンダーや読書アプリの秘密のアドレスは、控えのときのものに戻っています。")
    click.echo(HELD)


def _restore_file(copy: Path, target: Path, *, sure: bool) -> Path | None:
    with _stopped_server():
        if target.exists():
            backup.require_restorable(copy)  # before somebody types a name
            name = console.name_of_library(current_app.config)
            _compare(copy, target, name)
            if not sure:
                _ask_for_name(name)
        return backup.restore(copy, target)


def _compare(copy: Path, target: Path, name: str) -> None:
    """Print what is replaced beside what comes in its place."""
    there = figures.of_file(copy)
    try:
        here = figures.of_file(target)
    except backup.NoBackup as problem:
        click.echo(f"いまの図書館は読めません。{problem}")
        here = figures.Figures({}, None, "")
    click.echo(f"置き換わる図書館: {name}（{target}）")
    click.echo("\t".join(["", "いま", "控え"]))
    for each, label in figures.LABELS.items():
        click.echo("\t".join([label, _number(here.counts.get(each)), _number(there.counts[each])]))
    click.echo("\t".join(["いちばん新しい貸出", _day(here.newest_loan), _day(there.newest_loan)]))


def _number(count: int | None) -> str:
    return "–" if count is None else f"{count:,}"


def _day(day: date | None) -> str:
    return dates.with_weekday(day) if day else "–"


def _ask_for_name(name: str) -> None:
    try:
        typed = click.prompt(f"戻してよければ、図書館の名前（{name}）を入力してください")
    except click.Abort:
        raise console.Sentence(
            "図書館の名前が入力されなかったので、戻していません。--yes を付けると、尋ねずに戻します。"
        ) from None
    opening.check_name(typed, name)


def _restore_on_server(path: Path) -> None:
    """Copy a copy, brought up to this version beside, into the server's empty database."""
    if not console.is_missing():
        raise console.Sentence(
            "データベースが空ではありません。いまのデータベースの名前を変えて残し、同じ名前の空のデータベースを作ってから（ALTER DATABASE … RENAME TO …、"
            "createdb -E UTF8 -T template0 …）、もう一度実行してください。"
        )
    with backup.of_this_version(path, _instance()) as draft:
        _move(str(draft), current_app.config["DATABASE_URL"])
    with console.connected():
        fold_again()


@command("db", "copy", short_help="図書館を、空のデータベースに写します（SQLite と PostgreSQL）")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(source: str, target: str) -> None:
    """図書館を FROM から、空のデータベース TO に写します。どちらも、SQLite のファイルか、postgresql:// で始まるアドレスです。

    サーバーを止めてから実行してください。表ごとの行数と SHA-256 を並べ、一つでも違えば写しを取り消して、1 で終わります。
    FROM は変わりません。"""
    with console.sentences():
        try:
            copied = _move(source, target)
        except copying.Differs as problem:
            _list(problem.copied)
            raise
    _list(copied)
    for place in [place for each in copied for place in each.mended]:
        click.echo(f"文字でないもの（NUL）を取り除いて写しました: {place}")
    click.echo(f"写しました: {len(copied)} の表、{sum(each.read.rows for each in copied):,} 行")
    click.echo("ログイン中の画面、1回限りのリンク、書きかけの変更は写していません。")
    click.echo("DATABASE_URL を写し先に変えてから、サーバーを始めてください。")
    click.echo(HELD)


def _move(source: str, target: str) -> list[copying.Copied]:
    return transfer.move(
        source,
        target,
        instance=_instance(),
        finish=lambda: index.rebuild(console.bar("検索の索引")),
        progress=console.bar("写しています"),
    )


def _list(copied: list[copying.Copied]) -> None:
    """Print of each table its rows, and the SHA-256 of all: as they were read, and as they stand in the copy."""
    click.echo("\t".join(["表", "写し元の行", "写し先の行", "写し元の SHA-256", "写し先の SHA-256"]))
    for each in copied:
        read, written = each.read, each.written
        click.echo("\t".join([each.table, str(read.rows), str(written.rows), read.digest, written.digest]))


def _instance() -> Path:
    return Path(current_app.config["INSTANCE"])


@contextmanager
def _stopped_server() -> Iterator[None]:
    lock = locks.serving_lock(_instance())
    with console.sentences(), database.reached(), lock as free:
        if not free:
            raise console.Sentence("サーバーが動いています。止めてから実行してください。")
        yield
