"""Commands about copies: db drill, db visit, db key, db token add, list, revoke."""

from collections.abc import Callable
from pathlib import Path

import click
from flask import current_app

from cli.files import command, groups
from library import clock, dates, errors
from library.backups import drill, encrypted, figures, opened_pages, tokens
from library.calendar import before_opening
from library.store import backup
from server import console, jobs
from settings import instances

READABLE = click.Path(path_type=Path, dir_okay=False)
token = console.Group(
    "token", help="控えを取りに来る機械のトークンについてのコマンド", short_help="控えを取りに来る機械のトークン"
)
groups["db"].add_command(token)


def identity_option(function: Callable) -> Callable:
    """Add the option of what opens an encrypted copy."""
    meaning = "暗号にした控え（.age）を開く、age の鍵のファイル"
    return click.option("--identity", type=READABLE, metavar="KEY", help=meaning)(function)


# -- 訓練 --------------------------------------------------------------------------------------------------------------
@command("db", "drill", short_help="控えから戻す訓練をします")
@click.argument("path", metavar="[FILE]", type=READABLE, required=False)
@identity_option
def run_drill(path: Path | None, identity: Path | None) -> None:
    """控えを別の場所に戻し、壊れていないかを調べ、この版に合わせ、件数を数え、画面を開いてみます。いまの図書館は変わりません。

    FILE を書かないと、いちばん新しい毎日の控えを試し、結果を「システムの状態」に残します。何も送りません。"""
    with console.library():
        there = _tried(path, identity)
        here = figures.of_library()
        click.echo("\t".join(["", "控え", "いま"]))
        for name, label in figures.LABELS.items():
            click.echo("\t".join([label, f"{there[name]:,}", f"{here.counts[name]:,}"]))
    click.echo("控えから戻せます。")


def _tried(path: Path | None, identity: Path | None) -> dict[str, int]:
    if path is None:
        try:
            return jobs.run(drill.JOB, now=clock.now(), settings=current_app.config)
        except (errors.Refused, backup.NoBackup):
            raise
        except Exception as error:  # the row of the job has it too
            raise console.Sentence(f"控えから戻す訓練に失敗しました（{type(error).__name__}: {error}）。") from error
    with encrypted.decrypted(path, identity, Path(current_app.config["INSTANCE"])) as copy:
        return drill.try_backup(copy, current_app.config).counts


@command("db", "visit", short_help="この図書館の画面が開くかを確かめます（訓練が使います）")
def visit() -> None:
    """データベースを調べ、トップページとログインの画面を開いてみます。「db drill」が、別の場所に戻した図書館で使うコマンドです。"""
    with console.library():
        is_moving = before_opening.is_on(today=clock.today())
    client = current_app.test_client()
    for page in opened_pages.PAGES:
        wanted = 503 if is_moving and not page.startswith("/desk/") else 200
        status = client.get(page, base_url=current_app.config["PUBLIC_URL"]).status_code
        if status != wanted:
            raise console.Sentence(f"{page} の答えが {status} です。")
        click.echo(f"{page} {status}")


# -- machines that fetch copies
# ------------------------------------------------------------------------------------------
@command("db", "key", short_help="控えを暗号にする鍵を作ります")
@click.argument("path", metavar="FILE", type=READABLE)
def make_key(path: Path) -> None:
    """暗号にした控えを開く鍵（age）を FILE に作り、公開鍵を表示します。FILE は、このサーバーの外に移してください。

    「age-keygen」で作った鍵も使えます。鍵をなくすと、暗号にした控えは、だれにも開けません。"""
    with console.sentences():
        recipient = encrypted.make_key(path)
    click.echo(f'設定に書く公開鍵: BACKUP_RECIPIENT = "{recipient}"')
    click.echo(f"{path} を、このサーバーの外の2か所に移し、ここからは消してください。なくすと、控えを開けません。")


@token.command("add", short_help="控えを取りに来る機械を加えます")
@click.argument("name", metavar="NAME")
@click.option(
    "--from",
    "addresses",
    required=True,
    multiple=True,
    metavar="ADDRESS",
    help="機械のアドレスかネットワーク（いくつでも書けます）",
)
def add_token(name: str, addresses: tuple[str, ...]) -> None:
    """機械 NAME のトークンを作り、一度だけ表示します。トークンは、--from のアドレスからだけ使えます。"""
    with console.library():
        made = tokens.add(name, addresses, by="command", now=clock.now())
    click.echo(f"{name} のトークン（もう一度は表示できません）: {made}")
    if not current_app.config["BACKUP_RECIPIENT"]:
        click.echo(
            f"BACKUP_RECIPIENT がないので、まだ何も渡しません。{instances.PROGRAM} db key で鍵を作り、設定に公開鍵を書いてください。"
        )


@token.command("list", short_help="控えを取りに来る機械を並べます")
def list_tokens() -> None:
    """控えを取りに来る機械の名前、アドレス、加えた日時、前に来た日時を並べます。トークンは表示できません。"""
    with console.library():
        for row in tokens.every():
            used = dates.moment(row.used_at) if row.used_at else "まだ来ていません"
            click.echo("\t".join([row.name, row.addresses, dates.moment(row.made_at), used]))


@token.command("revoke", short_help="控えを取りに来る機械のトークンを取り消します")
@click.argument("name", metavar="NAME")
def revoke_token(name: str) -> None:
    """機械 NAME のトークンを取り消します。すぐに使えなくなります。"""
    with console.library():
        tokens.revoke(name, by="command", now=clock.now())
    click.echo(f"{name} のトークンを取り消しました。")
