"""Commands of 引っ越しパック: export everything, export check, import everything."""

import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import current_app

from cli.files import command
from cli.store import HELD, fold_again
from library import audit, clock
from library.catalog.fulltext import index
from library.cutover import figures
from library.ebooks import stock
from library.files import age
from library.packs import contents, loading, opening, vacancy, writing
from library.site import branding
from library.store import database
from server import console
from settings import config, folders

_Place = click.Path(path_type=Path)
_from_stdin = click.option("--passphrase-stdin", is_flag=True, help="合言葉を標準入力の1行目から読みます")
_key = click.option(
    "--key", type=_Place, metavar="FILE", help="鍵のファイル（書かないと、パックと同じフォルダの key.age）"
)


@command("export", "everything", short_help="引っ越しパックを作ります")
@click.argument("path", metavar="DIR|FILE.zip", type=_Place)
@click.option("--plain", is_flag=True, help="zip を暗号化しません（読書にかかわるものは入れません）")
@_from_stdin
def export_everything(path: Path, plain: bool, passphrase_stdin: bool) -> None:
    """図書館のすべてを、ほかのプログラムでも読める形で書き出します。サーバーが動いていても、ひとまとまりになります。

    FILE.zip は暗号化して FILE.zip.age に書き、鍵を同じフォルダの key.age に置きます。key.age は合言葉で開きます。
    DIR と --plain の zip は暗号化しないので、貸出履歴、本棚、新着資料のお知らせの条件、予約かご、レファレンスの質問を入れません。"""
    is_zip = path.suffix == ".zip"
    if plain and not is_zip:
        raise console.Misused("--plain は FILE.zip を書くときだけ使えます。", click.get_current_context())
    with console.library():
        write, made_up = _way(path, is_zip, plain, passphrase_stdin)
        origin = writing.Origin(branding.name(current_app.config), config.VERSION, _instance() / stock.FOLDER)
        now = clock.now()
        made = write(origin, now=now, progress=console.bar("書き出しています"))
        with database.writing():
            audit.record("pack.made", actor="command", now=now, rows=made.rows, encrypted=is_zip and not plain)
    click.echo(f"引っ越しパックを作りました: {made.path}（{made.rows:,} 行）")
    click.echo(" / ".join(f"{label} {made.figures[name]:,}" for name, label in figures.LABELS.items()))
    for title in made.missing:
        click.echo(f"ファイルがないため、入れなかった電子書籍: {title}")
    for words in contents.words_left_out(with_reading=is_zip and not plain):
        click.echo(f"入っていないもの: {words}")
    if is_zip and not plain:
        click.echo(f"鍵: {made.path.with_name(writing.KEY_FILE)}（パックとは別に運ぶと安全です）")
    if made_up:
        click.echo(f"合言葉（いま書き留めてください。二度と表示しません）: {made_up}")


def _way(path: Path, is_zip: bool, plain: bool, is_piped: bool) -> tuple[Any, str]:
    """Return the function that writes the pack, and the passphrase if we drew it."""
    if not is_zip:
        return partial(writing.to_folder, path), ""
    if plain:
        return partial(writing.to_plain_zip, path), ""
    if is_piped:
        typed = _line()
    else:
        typed = click.prompt(
            f"合言葉（{age.SHORTEST}文字以上。空のままだと、7つの言葉を選びます）",
            default="", show_default=False, hide_input=True, confirmation_prompt="もう一度", err=True,
        )  # fmt: skip
    made_up = "" if typed else age.drawn_words()
    passphrase = age.require_passphrase(typed or made_up)
    return partial(writing.to_encrypted_zip, path.with_name(f"{path.name}.age"), passphrase), made_up


@command("export", "check", short_help="引っ越しパックを確かめます")
@click.argument("source", metavar="SOURCE", type=_Place)
@_key
@_from_stdin
def check(source: Path, key: Path | None, passphrase_stdin: bool) -> None:
    """引っ越しパックを、取り込むときと同じように初めから終わりまで読み、確かめます。図書館は変わりません。"""
    with console.sentences(), _opened(source, key, passphrase_stdin) as pack:
        loaded = loading.check(pack, _instance(), progress=console.bar("確かめています"))
        _tell(loaded, pack.manifest)
        for words in pack.manifest["left_out"]:
            click.echo(f"入っていないもの: {words}")
    click.echo("この引っ越しパックは、取り込めます。")


@command("import", "everything", short_help="引っ越しパックを、空の図書館に取り込みます")
@click.argument("source", metavar="SOURCE", type=_Place)
@_key
@_from_stdin
def import_everything(source: Path, key: Path | None, passphrase_stdin: bool) -> None:
    """引っ越しパック（DIR、FILE.zip、FILE.zip.age）を、空の図書館に取り込みます。サーバーを止めてから実行してください。

    前の版の画面から受け取った .tar は、先に「tar -xf」で取り出してください。

    一つでも合わないところがあれば、何も取り込みません。メールは「outbox release」まで送りません。"""
    with console.sentences():
        url = current_app.config["DATABASE_URL"]
        vacancy.require_empty(url)
        with _opened(source, key, passphrase_stdin) as pack:
            finish = partial(index.rebuild, console.bar("検索の索引"))
            loaded = loading.load(pack, url, _instance(), finish=finish, progress=console.bar("取り込んでいます"))
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


# -- what they share
# -----------------------------------------------------------------------------------------------------------
def _opened(source: Path, key: Path | None, is_piped: bool) -> Any:
    """Open a pack; whoever calls is asked for the passphrase where there is one."""
    ask = _line if is_piped else partial(click.prompt, "合言葉", hide_input=True, err=True)
    if not source.exists():
        raise console.Sentence(f"{source} はありません。")
    return opening.opened(source, ask, key=key, room=folders.prepare_instance(current_app.config))


def _line() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _instance() -> Path:
    return Path(current_app.config["INSTANCE"])


def _tell(loaded: loading.Loaded, manifest: Mapping[str, Any]) -> None:
    """Print the figures of the pack beside ours, and what it lacks."""
    click.echo(f"作られた日時: {manifest['made_at']}（{manifest['program']}）")
    click.echo("\t".join(["", "パック", "この図書館"]))
    for name, label in figures.LABELS.items():
        click.echo("\t".join([label, f"{loaded.in_pack[name]:,}", f"{loaded.here[name]:,}"]))
    for title in loaded.ebooks_missing:
        click.echo(f"ファイルのない電子書籍: {title}")
