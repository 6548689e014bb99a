"""The work of a long import that began at the desk: started by the server, in a process of its own."""

from pathlib import Path

import click
from flask import current_app

from cli.files import command
from library import clock
from library.importing import runs
from server import console


@command("imports", "work", short_help="窓口で始めた取り込みを進めます（サーバーが使います）")
@click.argument("token", metavar="TOKEN")
@click.option("--dry-run", is_flag=True, help="確かめるだけで、何も変更しません")
@click.option("--by", default="command", metavar="WHO", help="操作の記録に書く名前")
def work(token: str, dry_run: bool, by: str) -> None:
    """窓口の「取り込み」で始めた、行の多いファイルを確かめるか、取り込みます。サーバーが自分で使うコマンドです。"""
    with console.library():
        run = runs.Run(Path(current_app.instance_path), token)
        if runs.working(run.instance) != token:  # else the server handed the lock on
            runs.lock(run.instance, token)
        run.work(dry_run=dry_run, now=clock.now(), by=by, holdings=current_app.config["HOLDINGS"])
