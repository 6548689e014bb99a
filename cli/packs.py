"""Commands of 引っ越しパック: export everything, export check, import everything."""

import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import current_app

import config
import console
from cli.files import command
from cli.store import HELD, fold_again
from library import audit, clock
from library.catalog.search import index
from library.moving import figures
from library.packs import loading, opening, vacancy
from library.store import database

Place = click.Path(path_type=Path)
from_stdin = click.option("--passphrase-stdin", is_flag=True, help="合言葉を標準入力の1行目から読みます")
_key = click.option(
    "--key", type=Place, metavar="FILE", help="鍵のファイル（書かないと、パックと同じフォルダの key.age）"
)


@command("export", "check", short_help="引っ越しパックを確かめます")
@click.argument("source", metavar="SOURCE", type=Place)
@_key
@from_stdin
def check(source: Path, key: Path | None, passphrase_stdin: bool) -> None:
    """引っ越しパックを、取り込むときと同じように初めから終わりまで読み、確かめます。図書館は変わりません。"""
    with console.sentences(), _opened(source, key, passphrase_stdin) as pack:
        loaded = loading.check(pack, instance(), progress=console.bar("確かめています"))
        _tell(loaded, pack.manifest)
        for words in pack.manifest["left_out"]:
            click.echo(f"入っていないもの: {words}")
    click.echo("この引っ越しパックは、取り込めます。")


@command("import", "everything", short_help="引っ越しパックを、空の図書館に取り込みます")
@click.argument("source", metavar="SOURCE", type=Place)
@_key
@from_stdin
def import_everything(source: Path, key: Path | None, passphrase_stdin: bool) -> None:
    """引っ越しパック（DIR、FILE.zip、FILE.zip.age、画面からの .tar）を、空の図書館に取り込みます。サーバーを止めてから実行してください。

    一つでも合わないところがあれば、何も取り込みません。メールは「outbox release」まで送りません。"""
    with console.sentences():
        url = current_app.config["DATABASE_URL"]
        vacancy.require_empty(url)
        with _opened(source, key, passphrase_stdin) as pack:
            finish = partial(index.rebuild, console.bar("検索の索引"))
            loaded = loading.load(pack, url, instance(), finish=finish, progress=console.bar("取り込んでいます"))
            manifest = pack.manifest
    with console.connected():
        fold_again()
        with database.writing():
            audit.record("pack.loaded", actor="command", now=clock.now(), rows=loaded.rows, program=manifest["program"])
    click.echo(f"引っ越しパックを取り込みました: {manifest['library']}（{loaded.rows:,} 行）")
    _tell(loaded, manifest)
    for words in manifest["left_out"]:
        click.echo(f"入っていないもの: {words}")
    click.echo(HELD)


# -- what they share -----------------------------------------------------------------------------------------------------------
def _opened(source: Path, key: Path | None, is_piped: bool) -> Any:
    """Open a pack; whoever calls is asked for the passphrase where there is one."""
    ask = line if is_piped else partial(click.prompt, "合言葉", hide_input=True, err=True)
    if not source.exists():
        raise console.Sentence(f"{source} はありません。")
    return opening.opened(source, ask, key=key, room=config.prepare_instance(current_app.config))


def line() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def instance() -> Path:
    return Path(current_app.config["INSTANCE"])


def show(counts: Mapping[str, int]) -> None:
    click.echo(" / ".join(f"{label} {counts[name]:,}" for name, label in figures.LABELS.items()))


def _tell(loaded: loading.Loaded, manifest: Mapping[str, Any]) -> None:
    """Print the figures of the pack beside ours, and what it lacks."""
    click.echo(f"作られた日時: {manifest['made_at']}（{manifest['program']}）")
    click.echo("\t".join(["", "パック", "この図書館"]))
    for name, label in figures.LABELS.items():
        click.echo("\t".join([label, f"{loaded.in_pack[name]:,}", f"{loaded.here[name]:,}"]))
    for title in loaded.ebooks_missing:
        click.echo(f"ファイルのない電子書籍: {title}")
