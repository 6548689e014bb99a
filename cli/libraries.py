"""Commands that make a library, or give one its place on a server: init, adopt."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import ScriptInfo

from library import clock, policy
from library.cutover import opening
from server import console
from settings import instances

FOLDER = click.Path(path_type=Path, file_okay=False)


class _Placing(console.Command):
    """A command that root gives a NAME: the file in /etc/madoguchi is written first, and the rest is done as the
    library's owner.
    """

    def __init__(self, *words: Any, place: Callable[..., instances.Place], **options: Any) -> None:
        super().__init__(*words, **options)
        self._place = place

    def invoke(self, ctx: click.Context) -> Any:
        if ctx.params["name"]:
            with console.sentences():
                if ctx.ensure_object(ScriptInfo).create_app is None:  # flask has opened a library by now
                    raise console.Sentence(
                        f"NAME を付けるときは、{instances.COMMAND} の代わりに .venv/bin/python madoguchi.py を使ってください。"
                    )
                os.environ[instances.CHOSEN] = self._place(**ctx.params).name
        return super().invoke(ctx)


def _make(name: str, folder: Path | None, user: str) -> instances.Place:
    return instances.make(name, (folder or instances.DATA / name).absolute(), user)


@console.command("init", short_help="空の図書館を作ります", cls=_Placing, place=_make)
@click.argument("name", metavar="[NAME]", required=False)
@click.option(
    "--folder", type=FOLDER, metavar="DIR", help=f"図書館のフォルダ（書かないと {instances.DATA}/NAME。NAME のとき）"
)
@click.option("--user", default=instances.USER, metavar="USER", help="図書館の持ち主にする利用者（NAME のとき）")
def init(name: str | None, folder: Path | None, user: str) -> None:
    """空の図書館を作ります。デモンストレーションは読み込みません。

    NAME は、サーバーでの図書館の名前です（半角の英小文字、数字、ハイフン）。設定のファイルとフォルダを作り、移行を始めます（move）。root で実行してください。
    NAME を書かないと、選ばれている図書館のフォルダに作ります。"""
    with console.new_library():
        policy.ship_rows()
        click.echo(f"空の図書館を {current_app.instance_path} に作りました。")
        if name:
            click.echo(f"設定のファイル: {instances.of_name(name).file}")
            click.echo(f"ポート: {current_app.config['PORT']}（変えるには、設定のファイルの PORT）")
        if name or instances.IS_INSTALLED:
            opening.begin(by="command", now=clock.now())
            click.echo(
                "移行を始めました。開館するまで、利用者の画面は「図書館システムを準備しています」になり、メールは送りません。"
                f"確かめることは、窓口の「移行」か「{instances.PROGRAM} move check」で見られます。"
            )
        click.echo("管理の職員が窓口のパソコンで初めてログインすると、そのネットワークを窓口として登録できます。")
        click.echo(
            f"次に: {instances.PROGRAM} staff add NAME --role admin、{instances.PROGRAM} branches import FILE.csv"
        )


@console.command(
    "adopt", short_help="いまある図書館に、サーバーでの名前を付けます", cls=_Placing, place=instances.adopt
)
@click.argument("name", metavar="NAME")
@click.argument("folder", metavar="DIR", type=FOLDER)
def adopt(name: str, folder: Path) -> None:
    """DIR にある図書館に、サーバーでの名前 NAME を付けます。その config.toml の中身を、新しい設定のファイルに移します。root で実行してください。

    もとの config.toml は config.toml.adopted として残ります。サーバーを止めてから実行してください。"""
    place = instances.of_name(name)
    click.echo(f"設定のファイル: {place.file}")
    click.echo(f"確かめるには: madoguchi --instance {name} db check")
