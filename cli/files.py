"""The ground of the commands: their groups, the meaning of options, and how files are read in."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import ScriptInfo

import console
from library import clock, dates
from library.files import encodings, spreadsheets
from library.files.report import REFUSAL, Refusal, RefusalFile, Report
from library.files.spreadsheets import Column

SHOWN = 20  # refusals, and as many warnings
PROMISE = (
    "UTF-8・CP932・EUC-JP・UTF-16 の CSV か TSV を読みます。列の順は問わず、見出しは英語でも日本語でもかまいません。"
)
GROUPS = {
    "catalog": "書誌",
    "branches": "館",
    "items": "所蔵資料",
    "patrons": "利用者",
    "loans": "貸出",
    "ebooks": "電子書籍",
    "staff": "職員",
    "notices": "通知",
    "sdi": "新着資料のお知らせ",
    "outbox": "送信箱",
    "jobs": "定期の仕事",
    "db": "データベース",
    "settings": "設定",
    "move": "移行",
}
groups = {name: console.Group(name, help=f"{label}についての命令", short_help=label) for name, label in GROUPS.items()}


def command(group: str, name: str, **options: Any) -> Callable[[Callable], click.Command]:
    return groups[group].command(name, **options)


# -- what options mean -----------------------------------------------------------------------------------------------
def moment(ctx: click.Context, _: object, text: str | None) -> datetime:
    try:
        return clock.parse(text) if text else clock.now()
    except ValueError:
        raise console.Misused("--now は 2026-11-25T08:00 のように書いてください。", ctx=ctx) from None


def day(ctx: click.Context, _: object, text: str | None) -> date | None:
    try:
        return dates.parse(text) if text else None
    except ValueError:
        raise console.Misused("--today は 2026-11-25 のように書いてください。", ctx=ctx) from None


def mapping_of(columns: Sequence[Column]) -> Callable[..., dict[str, str]]:
    known = {column.name for column in columns}

    def parse(ctx: click.Context, _: object, pairs: Sequence[str]) -> dict[str, str]:
        mapping = {}
        for pair in pairs:
            name, equals, heading = pair.partition("=")
            mapping |= {name: heading} if equals else _named_mapping(ctx, pair)
        for name, heading in mapping.items():
            if name not in known or not heading:
                names = ", ".join(column.name for column in columns)
                raise console.Misused(f"--map は 列=見出し の形で書いてください。列: {names}", ctx=ctx)
        return mapping

    return parse


def _named_mapping(ctx: click.Context, name: str) -> dict[str, str]:
    """Return ``[maps.NAME]`` of the settings file."""
    maps = ctx.ensure_object(ScriptInfo).load_app().config["MAPS"]
    if name not in maps:
        known = "、".join(maps) or "なし"
        raise console.Misused(
            f"--map は 列=見出し の形で書くか、config.toml の [maps.名前] を挙げてください（{name} はありません。あるもの: {known}）。",
            ctx=ctx,
        )
    return maps[name]


def at_moment(function: Callable) -> Callable:
    text = "この日時のつもりで実行します（ISO 8601。時間帯がなければ設定 TIMEZONE）"
    return click.option("--now", callback=moment, metavar="ISO", help=text)(function)


def reads_files(
    columns: Sequence[Column], promise: str = PROMISE, encodings_: Sequence[str] = tuple(encodings.CODECS)
) -> Callable[[Callable], Callable]:
    """Add the options of every import to a command, and the columns that it reads to its help."""

    def decorate(function: Callable) -> Callable:
        for option in (
            click.option(
                "--encoding", type=click.Choice(encodings_),
                help="文字コードを指定します。ふだんは中身で見分けます",
            ),
            click.option("--report", metavar="FILE.csv", help="拒否した行と注意のある行を、この CSV ファイルにすべて書き出します"),
            click.option("--dry-run", is_flag=True, help="確かめるだけで、何も変更しません"),
            click.option(
                "--map", "mapping", multiple=True, callback=mapping_of(columns), metavar="COLUMN=HEADING",
                help="列にあたる見出しを教えます。例: --map title=作品名（繰り返せます）。設定の [maps.名前] に書いておき、--map 名前 でも使えます",
            ),
        ):  # fmt: skip
            function = option(function)
        listed = "\n".join(
            f"{column.name:16}{column.label}{'（必須）' if column.required else ''}" for column in columns
        )
        function.__doc__ = f"{inspect.cleandoc(function.__doc__ or '')}\n\n{promise}\n\n\b\n列と見出し:\n{listed}"
        return function

    return decorate


# -- files -----------------------------------------------------------------------------------------------------------
def read_in(
    what: str,
    paths: Sequence[str],
    rule: Callable[..., Any],
    columns: Sequence[Column],
    *,
    mapping: dict[str, str],
    encoding: str,
    either: Sequence[str] = (),
    **options: Any,
) -> None:
    """Read in tables by ``rule(table, report=…, dry_run=…, progress=…)``."""
    given = {"mapping": mapping, "encoding": encoding, "either": either}
    read_all(what, paths, rule, lambda path: spreadsheets.opened(Path(path), columns, **given), **options)


def read_all(
    what: str,
    paths: Sequence[str],
    rule: Callable[..., Any],
    opener: Callable[[str], AbstractContextManager],
    *,
    report: str | None,
    dry_run: bool,
) -> None:
    """Open all files first, so that a wrong one stops the command before anything is done; then read them in."""
    with console.library(), ExitStack() as stack:
        opened = [stack.enter_context(opener(path)) for path in paths]
        with reporting(what, stack.enter_context(RefusalFile(Path(report))) if report else None, dry_run) as done:
            for path, file in zip(paths, opened, strict=True):
                done.refusals.file = path if len(paths) > 1 else ""
                _read_file(file, done.report, rule, dry_run)


@dataclass
class Done:
    report: Report
    refusals: Refusals


@contextmanager
def reporting(what: str, report: RefusalFile | None, dry_run: bool = False) -> Iterator[Done]:
    """Print what happens to rows read inside: refusals as they come, totals in the end, also when it is broken off."""
    refusals = Refusals(report)
    counted = Report(tell=refusals.tell)
    try:
        yield Done(counted, refusals)
    except KeyboardInterrupt:
        raise console.Sentence(f"中断しました。同じ命令をもう一度実行すると続けられます。\n{counted.totals}") from None
    finally:
        refusals.print_rest()
        if not dry_run:
            counted.record(what, now=clock.now())
    if dry_run:
        click.echo("確かめただけで、何も変更していません。", err=True)
    for words, count in counted.more.items():
        click.echo(f"{words} {count:,}")
    click.echo(counted.totals)
    if counted.nothing_done:
        click.get_current_context().exit(1)


def _read_file(file: Any, done: Report, rule: Callable[..., Any], dry_run: bool) -> None:
    if file.charset:
        click.echo(f"文字コード: {file.charset}（違うときは --encoding）", err=True)
    if file.unknown:
        click.echo("使わない見出し: " + "".join(f"「{heading}」" for heading in file.unknown), err=True)
    progress = console.Progress(file.size)
    try:
        rule(file, report=done, dry_run=dry_run, progress=progress)
    finally:
        progress.end()


class Refusals:
    """Prints the first refusals and the first warnings on standard error, and writes all of them to the file if there is one."""

    def __init__(self, report: RefusalFile | None) -> None:
        self.report = report
        self.file = ""
        self.numbers = Counter()

    def tell(self, refusal: Refusal) -> None:
        self.numbers[refusal.kind] += 1
        if self.numbers[refusal.kind] <= SHOWN:
            click.echo(f"{self.file} {_head(refusal.kind)}{refusal.sentence}".strip(), err=True)
        if self.report:
            self.report.write(refusal, self.file)

    def print_rest(self) -> None:
        hint = "" if self.report else "（--report FILE.csv ですべて書き出せます）"
        for kind, number in self.numbers.items():
            if number > SHOWN:
                click.echo(f"{_head(kind)}ほかに {number - SHOWN:,} 件{hint}", err=True)


def _head(kind: str) -> str:
    return "" if kind == REFUSAL else f"{kind}："
