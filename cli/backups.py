"""Commands about copies: db drill, db visit."""

from pathlib import Path

import click
from flask import current_app

from cli.files import command
from library import clock, errors
from library.backups import drill, figures, opened_pages
from library.calendar import before_opening
from library.store import backup
from server import console, jobs


@command("db", "drill", short_help="控えから戻す訓練をします")
@click.argument("path", metavar="[FILE]", type=click.Path(path_type=Path, dir_okay=False), required=False)
def run_drill(path: Path | None) -> None:
    """控えを別の場所に戻し、壊れていないかを調べ、この版に合わせ、件数を数え、画面を開いてみます。いまの図書館は変わりません。

    FILE を書かないと、いちばん新しい毎日の控えを試し、結果を「システムの状態」に残します。何も送りません。"""
    with console.library():
        there = _tried(path)
        here = figures.of_library()
        click.echo("\t".join(["", "控え", "いま"]))
        for name, label in figures.LABELS.items():
            click.echo("\t".join([label, f"{there[name]:,}", f"{here.counts[name]:,}"]))
    click.echo("控えから戻せます。")


def _tried(path: Path | None) -> dict[str, int]:
    if path is None:
        try:
            return jobs.run(drill.JOB, now=clock.now(), settings=current_app.config)
        except (errors.Refused, backup.NoBackup):
            raise
        except Exception as error:  # the row of the job has it too
            raise console.Sentence(f"控えから戻す訓練に失敗しました（{type(error).__name__}: {error}）。") from error
    return drill.try_backup(path, current_app.config).counts


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
