"""Commands of the languages that a library adds: languages new, languages check."""

from pathlib import Path

import click
from flask import current_app

from cli.files import command
from library.language import own
from server import console


def _language(context: click.Context, parameter: click.Parameter, code: str) -> str:
    """Return the code of a language that may be added. Raises: BadParameter."""
    if not own.is_language(code):
        raise click.BadParameter(f"{code} は、加えられる言語の符号ではありません（zh_Hans、ko、pt_BR、vi など）。")
    return code


@command("languages", "new", short_help="言語を加えるための、訳の表を作ります")
@click.argument("code", metavar="CODE", callback=_language)
def new(code: str) -> None:
    """図書館のフォルダに、訳の表（.po）を作ります。それぞれの文に、英語を添えます。"""
    try:
        begun = own.begin(Path(current_app.instance_path), code)
    except FileExistsError as reason:
        raise console.Sentence(f"{reason.filename} は、もうあります。") from None
    click.echo(f"作りました: {begun}")
    click.echo(f"訳を書いたら「languages check {code}」で確かめてください。")


@command("languages", "check", short_help="訳の表の、足りない文と誤りを数えます")
@click.argument("code", metavar="CODE", callback=_language)
def check(code: str) -> None:
    """訳の表に足りない文と、空欄の誤りを数えます。そろっていれば、次の起動から利用者が選べます。"""
    found = own.check(Path(current_app.instance_path), code)
    if found.trouble:
        raise console.Sentence(f"訳の表を読めません: {found.trouble}")
    click.echo(f"{found.name or code}: {found.sentences:,} 文のうち、訳のない文 {found.missing:,}")
    for wrong in found.wrong:
        click.echo(f"空欄が合いません（{wrong.blanks}）: {wrong.msgid}")
    if not found.is_offered:
        raise console.Sentence("まだ利用者には出しません。95%以上の文を訳し、空欄を元の文と同じにしてください。")
    click.echo("次の起動から、利用者が選べます。")
