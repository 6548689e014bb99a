"""Commands of 移行: begin, check, open, discard."""

from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app

from cli.files import command, day
from library import clock, dates
from library.cutover import figures, opening, steps
from library.importing import runs
from library.site import branding
from server import console
from settings import instances

SHOWN = 20  # copies of a doubt


@command("move", "begin", short_help="移行を始めます")
def begin() -> None:
    """移行を始めます。開館するまで、利用者の画面は「図書館システムを準備しています」になります。

    メールは数えるだけで送らず、何も消しません。動く仕事は、控えと貸出ベストの用意だけです。"""
    with console.library():
        opening.begin(by="command", now=clock.now())
    click.echo(f"移行を始めました。次に: 取り込み、窓口の「移行」か「{instances.PROGRAM} move check」")


@command("move", "check", short_help="移行の確認を並べます（残っていれば 1）")
@click.option("--all", "every", is_flag=True, help="確かめる資料の番号を、すべて並べます")
def check(every: bool) -> None:
    """前のシステムとこの図書館の件数、確認済みの一覧、開館すると起こることを並べます。確認していないものがあれば 1 で終わります。"""
    with console.library():
        now = clock.now()
        today = clock.day_of(now)
        move = opening.going_on(now=now)
        click.echo("\t".join(["", "前のシステム", "この図書館", "差の理由"]))
        for figure in figures.every(today=today):
            before = "–" if figure.before is None else f"{figure.before:,}"
            click.echo("\t".join([figure.label, before, f"{figure.here:,}", figure.why]))
        for step in steps.every():
            click.echo(f"{step.label}\t{_state(step, now)}")
        for words, copies in figures.doubtful(today=today).items():
            shown = figures.by_branch(copies if every else copies[:SHOWN])
            more = "" if every or len(copies) <= SHOWN else f"…（はじめの{SHOWN}点。すべては move check --all）"
            click.echo(f"{words}\t{len(copies):,} 点\t{shown}{more}")
        _tell(opening.outlook(move.opens_on or today), move.opens_on)
        if left := steps.open_ones():
            raise console.Sentence(f"確認していないもの: {'、'.join(left)}")


def _state(step: steps.Step, now: datetime) -> str:
    if step.confirmed_at is None:
        return f"確認していません（{opening.why_open(step.name, now=now).sentence.removesuffix('。')}）"
    return f"確認済み（{dates.moment(step.confirmed_at)} {step.confirmed_by}）"


def _tell(outlook: opening.Outlook, opens_on: date | None) -> None:
    """Print what an opening does, in the words of the page."""
    click.echo(f"開館日\t{dates.with_weekday(opens_on) if opens_on else '決まっていません'}")
    click.echo(f"督促済みにする貸出\t{outlook.told:,} 点")
    first = f"（はじめは{dates.with_weekday(outlook.first_erased)}）" if outlook.first_erased else ""
    click.echo(f"消える予定\t{outlook.erased:,} 人{first}")
    click.echo(f"生年月日でのログイン\t{outlook.first_passwords:,} 人")
    click.echo(f"送らなかったメール\t{outlook.mails:,} 通")


@command("move", "open", short_help="開館します")
@click.option("--on", "on_day", callback=day, metavar="DATE", help="この日に開館します（書かないと今日）")
@click.option("--reason", default="", help="確認していないものがあるときの理由")
def open_library(on_day: date | None, reason: str) -> None:
    """開館します。確認していないものがあるときは、--reason で理由を書きます。

    その日までに来ている督促の段階は、前のシステムで知らせたものとして扱います。利用者の保存期間は、早くても開館の日から数えます。"""
    with console.library():
        now = clock.now()
        opens_on = on_day or clock.day_of(now)
        with runs.alone(Path(current_app.instance_path), "move"):
            outlook = opening.open_on(opens_on, reason, by="command", now=now)
        _tell(outlook, opens_on)
        begins = "開館しました。" if opens_on == clock.day_of(now) else f"{dates.with_weekday(opens_on)}に開館します。"
        click.echo(begins)


@command("move", "discard", short_help="取り込んだものを消して、やり直します")
@click.option("--name", metavar="NAME", help="図書館の名前（書かないと、尋ねます）")
def discard(name: str | None) -> None:
    """取り込んだ書誌、資料、利用者、貸出、予約を消します。開館の前だけできます。館、運用ルール、職員、文章、列の割り当ては残ります。"""
    with console.library():
        now = clock.now()
        opening.going_on(now=now)
        library = branding.name(current_app.config)
        typed = (
            name if name is not None else click.prompt(f"消してよければ、図書館の名前（{library}）を入力してください")
        )
        opening.check_name(typed, library)
        with runs.alone(Path(current_app.instance_path), "move"):
            removed = opening.discard(by="command", now=now)
        click.echo(
            "消しました: " + " / ".join(f"{figures.LABELS[name]} {number:,}" for name, number in removed.items())
        )
