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
from flask import current_app
from flask.cli import ScriptInfo

from library import clock, dates, errors
from library.files import encodings
from library.files.report import REFUSAL, Finding, FindingFile, Report
from library.files.spreadsheets import Column
from library.importing import assignments, kinds, runs
from library.importing.assignments import Assignments
from server import console

SHOWN = 20  # findings of each kind
PROMISE = (
    "UTF-8・CP932・EUC-JP・UTF-16 の CSV か TSV を読みます。列の順は問わず、見出しは英語でも日本語でもかまいません。"
)
GROUPS = {
    "catalog": "書誌",
    "branches": "館",
    "items": "所蔵資料",
    "patrons": "利用者",
    "loans": "貸出",
    "holds": "予約",
    "imports": "窓口で始めた取り込み",
    "ebooks": "電子書籍",
    "staff": "職員",
    "notices": "通知",
    "sdi": "新着資料のお知らせ",
    "outbox": "送信箱",
    "mail": "メールサーバー",
    "jobs": "定期の仕事",
    "db": "データベース",
    "settings": "設定",
    "languages": "言語",
    "move": "移行",
    "export": "引っ越しパックを作って確かめること",
    "import": "引っ越しパックを入れること",
}
groups = {
    name: console.Group(name, help=f"{label}についてのコマンド", short_help=label) for name, label in GROUPS.items()
}


def command(group: str, name: str, **options: Any) -> Callable[[Callable], click.Command]:
    return groups[group].command(name, **options)


# -- what options mean -----------------------------------------------------------------------------------------------
def moment(ctx: click.Context, _: object, text: str | None) -> datetime:
    try:
        return clock.parse(text) if text else clock.now()
    except ValueError:
        raise console.Misused("--now は 2026-11-25T08:00 のように書いてください。", ctx=ctx) from None


def day(ctx: click.Context, option: click.Parameter, text: str | None) -> date | None:
    try:
        return dates.parse(text) if text else None
    except ValueError:
        raise console.Misused(f"{option.opts[0]} は 2026-11-25 のように書いてください。", ctx=ctx) from None


def mapping_of(columns: Sequence[Column]) -> Callable[..., Assignments]:
    def parse(ctx: click.Context, _: object, pairs: Sequence[str]) -> Assignments:
        said: list[tuple[str, str]] = []
        for pair in pairs:
            name, equals, means = pair.partition("=")
            said += [(name, means)] if equals else _named_mapping(ctx, pair).items()
        try:
            return assignments.read(said, columns)
        except errors.MappingMalformed:
            names = ", ".join(column.name for column in columns)
            raise console.Misused(
                f"--map は 列=見出し か 列:値=図書館の値 の形で書いてください。列: {names}", ctx=ctx
            ) from None

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


_OFFERED = {
    "pad_zeros": click.option(
        "--pad-zeros", is_flag=True, help="番号と電話番号の、表計算ソフトで消えた先頭の0を補います"
    ),
    "add_categories": click.option(
        "--add-categories", is_flag=True, help="運用ルールにない区分・資料区分を、ルールに加えて取り込みます"
    ),
}


def reads_files(
    kind: str,
    promise: str = PROMISE,
    encodings_: Sequence[str] = tuple(encodings.CODECS),
    offers: Sequence[str] = (),
) -> Callable[[Callable], Callable]:
    """Add the options of every import to a command, and the columns of its kind of file to its help."""
    columns = kinds.KINDS[kind].columns

    def decorate(function: Callable) -> Callable:
        for option in (
            click.option(
                "--encoding", type=click.Choice(encodings_),
                help="文字コードを指定します。ふだんは中身で見分けます",
            ),
            click.option("--report", metavar="FILE", help="拒否した行と、空にした・補った・注意のある値を書き出します。FILE.csv にはすべて、FILE.xlsx（Excel）には拒否した行から1万件までです"),
            click.option("--dry-run", is_flag=True, help="確かめるだけで、何も変更しません"),
            *(_OFFERED[name] for name in offers),
            click.option("--forget", is_flag=True, help="これまでに覚えた --map の対応づけを忘れてから始めます"),
            click.option(
                "--map", "mapping", multiple=True, callback=mapping_of(columns), metavar="COLUMN=HEADING",
                help="列にあたる見出しを教えます（--map title=作品名）。値は --map 状態:所在不明=missing のように対応づけます（=- でその行を取り込まず、= で空にします）。"
                "繰り返せます。同じ列に二つ以上の見出しを挙げると、つなぎます。次からは覚えています。設定の [maps.名前] に書いておき、--map 名前 でも使えます",
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
    opener: Callable[[Path, dict[str, Any]], AbstractContextManager] | None = None,
    *,
    mapping: Assignments,
    forget: bool,
    encoding: str,
    report: str | None,
    dry_run: bool,
) -> None:
    """Read in files by ``rule(file, report=…, dry_run=…, progress=…)``. ``what``: their kind; ``opener``: for others.

    All are opened first, so that a wrong one stops the command before anything is done. What is assigned is remembered
    for the next file of the kind.
    """
    opener = opener or kinds.KINDS[what].opened
    with console.library(), ExitStack() as stack:
        if not dry_run:
            stack.enter_context(runs.alone(Path(current_app.instance_path), what))
        profile = assignments.usual()
        before = Assignments() if forget else assignments.remembered(what, profile)
        if before:
            pairs = "、".join(before.pairs(kinds.KINDS[what].columns))
            click.echo(f"前に覚えた「{profile}」の対応づけも使います: {pairs}（忘れるには --forget）", err=True)
        given = {"mapping": mapping.headings, "remembered": before.headings, "values": (before | mapping).values}
        opened = [stack.enter_context(opener(Path(path), given | {"encoding": encoding})) for path in paths]
        several = len(paths) > 1
        written = stack.enter_context(FindingFile(Path(report), several=several)) if report else None
        with reporting(what, written, dry_run) as done:
            for path, file in zip(paths, opened, strict=True):
                done.findings.file = path if several else ""
                _read_file(file, done.report, rule, dry_run)
            if forget:
                assignments.forget(what, profile)
            assignments.remember(what, mapping, profile)  # a rehearsal is for finding out which are needed


@dataclass
class Done:
    report: Report
    findings: Findings


@contextmanager
def reporting(what: str, report: FindingFile | None, dry_run: bool = False) -> Iterator[Done]:
    """Print what happens to rows read inside: refusals as they come, totals in the end, also when it is broken off."""
    findings = Findings(report)
    counted = Report(tell=findings.tell)
    try:
        yield Done(counted, findings)
    except KeyboardInterrupt:
        raise console.Sentence(
            f"中断しました。同じコマンドをもう一度実行すると続けられます。\n{counted.totals}"
        ) from None
    finally:
        findings.print_rest()
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
    if file.before:
        click.echo("見出しより前の行: " + "".join(f"「{line[:80]}」" for line in file.before), err=True)
    progress = console.Progress(file.size)
    try:
        rule(file, report=done, dry_run=dry_run, progress=progress)
    finally:
        progress.end()


class Findings:
    """Prints the first findings of each kind on standard error, and writes all of them to the file if there is one."""

    def __init__(self, report: FindingFile | None) -> None:
        self.report = report
        self.file = ""
        self.numbers = Counter()

    def tell(self, finding: Finding) -> None:
        self.numbers[finding.kind] += 1
        if self.numbers[finding.kind] <= SHOWN:
            click.echo(f"{self.file} {_head(finding.kind)}{finding.sentence}".strip(), err=True)
        if self.report:
            self.report.write(finding, self.file)

    def print_rest(self) -> None:
        hint = "" if self.report else "（--report FILE.csv ですべて書き出せます）"
        for kind, number in self.numbers.items():
            if number > SHOWN:
                click.echo(f"{_head(kind)}ほかに {number - SHOWN:,} 件{hint}", err=True)


def _head(kind: str) -> str:
    return "" if kind == REFUSAL else f"{kind}："
