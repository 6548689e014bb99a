"""The commands (``.venv/bin/flask …``), thin: parse, one rule, print. How they speak is in ``terminal``.

Exit status: 0 done (refused rows are in the totals), 1 nothing done, 2 called wrongly.
"""

import inspect
import sys
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import ScriptInfo

import config
import jobs
import mailer
import terminal
from library import (
    backup,
    clock,
    database,
    dates,
    demonstration,
    errors,
    notices,
    outbox,
    patrons,
    reissue,
    staff,
    tables,
)
from library.importing import branches, items, loans, titles
from library.importing import patrons as cards
from library.importing.branches import Places
from library.importing.report import RefusalFile, Report

SHOWN_REFUSALS = 20
SECRET = "********"  # noqa: S105 (what is shown in place of one)
COUNTED = {
    "patrons": "利用者", "mails": "メール", "loans": "貸出", "sent": "送信", "later": "あとで再送", "failed": "送れず",
    "broken_texts": "文面の誤り", "cancelled": "取り消し", "unavailable": "サーバーにつながらず", "busy": "ほかで送信中", "files": "ファイル",
}  # fmt: skip
GROUPS = {
    "catalog": "書誌",
    "branches": "館",
    "items": "所蔵資料",
    "patrons": "利用者",
    "loans": "貸出",
    "staff": "職員",
    "notices": "通知",
    "outbox": "送信箱",
    "jobs": "定期の仕事",
    "db": "データベース",
    "settings": "設定",
}
groups = {name: terminal.Group(name, help=f"{label}についての命令", short_help=label) for name, label in GROUPS.items()}


def register(app):
    """Make the commands known to ``flask``."""
    for group in groups.values():
        app.cli.add_command(group)
    for command in (init, demo):
        app.cli.add_command(command)


def command(group, name, **options):
    return groups[group].command(name, **options)


# -- what options mean -----------------------------------------------------------------------------------------------
def _moment(ctx, _, text) -> datetime:
    try:
        return clock.parse(text) if text else clock.now()
    except ValueError:
        raise terminal.Misused("--now は 2026-11-25T08:00 のように書いてください。", ctx=ctx) from None


def _day(ctx, _, text):
    try:
        return dates.parse(text) if text else None
    except ValueError:
        raise terminal.Misused("--today は 2026-11-25 のように書いてください。", ctx=ctx) from None


def _mapping(columns):
    known = {column.name for column in columns}

    def parse(ctx, _, pairs):
        mapping = {}
        for pair in pairs:
            mapping |= dict([pair.partition("=")[::2]]) if "=" in pair else _kept_mapping(ctx, pair)
        for name, heading in mapping.items():
            if name not in known or not heading:
                names = ", ".join(column.name for column in columns)
                raise terminal.Misused(f"--map は 列=見出し の形で書いてください。列: {names}", ctx=ctx)
        return mapping

    return parse


def _kept_mapping(ctx, name):
    """``[maps.NAME]`` of the settings file."""
    maps = ctx.ensure_object(ScriptInfo).load_app().config["MAPS"]
    if name not in maps:
        known = "、".join(maps) or "なし"
        raise terminal.Misused(
            f"--map は 列=見出し の形で書くか、config.toml の [maps.名前] を挙げてください（{name} はありません。あるもの: {known}）。",
            ctx=ctx,
        )
    return maps[name]


def at_moment(function):
    text = "この日時のつもりで実行します（ISO 8601。時間帯がなければ設定 TIMEZONE）"
    return click.option("--now", callback=_moment, metavar="ISO", help=text)(function)


def reads_files(columns):
    """The options that every import has."""

    def decorate(function):
        for option in (
            click.option("--report", metavar="FILE.csv", help="拒否した行を、この CSV ファイルにすべて書き出します"),
            click.option("--dry-run", is_flag=True, help="確かめるだけで、何も変更しません"),
            click.option(
                "--map", "mapping", multiple=True, callback=_mapping(columns), metavar="COLUMN=HEADING",
                help="列にあたる見出しを教えます。例: --map title=作品名（繰り返せます）。設定の [maps.名前] に書いておき、--map 名前 でも使えます",
            ),
        ):  # fmt: skip
            function = option(function)
        listed = "\n".join(
            f"{column.name:16}{column.label}{'（必須）' if column.required else ''}" for column in columns
        )
        promise = (
            "UTF-8・CP932・UTF-16 の CSV か TSV を読みます。列の順は問わず、見出しは英語でも日本語でもかまいません。"
        )
        function.__doc__ = f"{inspect.cleandoc(function.__doc__)}\n\n{promise}\n\n\b\n列と見出し:\n{listed}"
        return function

    return decorate


# -- files -----------------------------------------------------------------------------------------------------------
def _read_in(what, paths, rule, columns, *, mapping, report, dry_run, either=()):
    """Open all files first, so that a wrong one stops the command before anything is done; then read them in."""
    with terminal.library(), ExitStack() as stack:
        opened = [stack.enter_context(tables.opened(path, columns, mapping=mapping, either=either)) for path in paths]
        refusals = Refusals(stack.enter_context(RefusalFile(report)) if report else None)
        done = Report(tell=refusals.tell)
        try:
            for path, table in zip(paths, opened, strict=True):
                refusals.file = path if len(paths) > 1 else ""
                _read_table(table, done, rule, dry_run)
        except KeyboardInterrupt:
            raise terminal.Sentence(
                f"中断しました。同じ命令をもう一度実行すると続けられます。\n{done.totals}"
            ) from None
        finally:
            refusals.say_rest()
            if not dry_run:
                done.record(what, now=clock.now())
        _conclude(done, dry_run)


def _read_table(table, done, rule, dry_run):
    if table.unknown:
        click.echo("使わない見出し: " + "".join(f"「{heading}」" for heading in table.unknown), err=True)
    progress = terminal.Progress(table.size)
    try:
        rule(table, report=done, dry_run=dry_run, progress=progress)
    finally:
        progress.end()


def _conclude(done, dry_run):
    if dry_run:
        click.echo("確かめただけで、何も変更していません。", err=True)
    for words, count in done.more.items():
        click.echo(f"{words} {count:,}")
    click.echo(done.totals)
    if done.nothing_done:
        click.get_current_context().exit(1)


class Refusals:
    """Says the first refusals on standard error, and writes all of them to the file if there is one."""

    def __init__(self, report):
        self.report = report
        self.file = ""
        self.number = 0

    def tell(self, refusal):
        self.number += 1
        if self.number <= SHOWN_REFUSALS:
            click.echo(f"{self.file} {refusal.sentence}".strip(), err=True)
        if self.report:
            self.report.write(refusal, self.file)

    def say_rest(self):
        rest = self.number - SHOWN_REFUSALS
        if rest > 0:
            hint = "" if self.report else "（--report FILE.csv ですべて書き出せます）"
            click.echo(f"ほかに {rest:,} 件{hint}", err=True)


@command("catalog", "import", short_help="書誌を取り込みます（CSV・TSV）")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@reads_files(titles.COLUMNS)
def import_titles(files, **options):
    """書誌を取り込みます。登録番号の列があれば、新しい資料も加えます。すでにある資料は変更しません。"""
    _read_in("titles", files, titles.read_in, titles.COLUMNS, **options)


@command("branches", "import", short_help="館を取り込みます（CSV・TSV）")
@click.argument("file", metavar="FILE")
@reads_files(branches.COLUMNS)
def import_branches(file, **options):
    """館を取り込みます。館コードが同じ館は、変更として扱います。"""
    _read_in("branches", [file], branches.read_in, branches.COLUMNS, **options)


@command("items", "import", short_help="所蔵資料を取り込みます（CSV・TSV）")
@click.argument("file", metavar="FILE")
@reads_files(items.COLUMNS)
def import_items(file, **options):
    """所蔵資料を取り込みます。書誌は、書誌ID・書誌番号・ISBN のどれかで示します。"""
    _read_in("items", [file], items.read_in, items.COLUMNS, either=items.TITLE_BY, **options)


@command("patrons", "import", short_help="利用者を取り込みます（CSV・TSV）")
@click.argument("file", metavar="FILE")
@reads_files(cards.COLUMNS)
@click.option("--with-consent", is_flag=True, help="貸出履歴「残す」を取り込みます（本人の同意があるとき）")
def import_patrons(file, with_consent, **options):
    """利用者を取り込みます。新しい利用者は、はじめのパスワードでログインできます。

    すでにある利用者は、図書館が管理する項目だけを変更します。メールアドレスや通知の選択は変更しません。"""

    def rule(table, **given):
        cards.read_in(table, now=clock.now(), today=clock.today(), with_consent=with_consent, **given)

    _read_in("patrons", [file], rule, cards.COLUMNS, **options)


@command("loans", "import", short_help="貸出を取り込みます（CSV・TSV）")
@click.argument("file", metavar="FILE")
@reads_files(loans.COLUMNS)
@click.option("--snapshot", is_flag=True, help="貸出中のすべてが入ったファイルとして扱い、ない貸出を返却にします")
@click.option("--branch", metavar="CODE", help="この館の貸出だけを返却の対象にします（--snapshot のとき）")
@click.option("--yes", "sure", is_flag=True, help="拒否した行があっても、一度に1割を超える返却になっても続けます")
def import_loans(file, snapshot, branch, sure, **options):
    """貸出を取り込みます。返却期限日が変わった貸出は、延長として扱います。"""

    def rule(table, **given):
        place = _branch(branch) if branch else None
        loans.read_in(table, today=clock.today(), snapshot=snapshot, branch=place, sure=sure, **given)

    _read_in("loans", [file], rule, loans.COLUMNS, **options)


def _branch(code):
    if found := Places().find(code):
        return found
    raise errors.BranchUnknown(branch=code)


# -- a new library ---------------------------------------------------------------------------------------------------
@terminal.command("init", short_help="空の図書館を作ります")
def init():
    """空の図書館を作ります。デモンストレーションは読み込みません。"""
    with terminal.made():
        click.echo("空の図書館を作りました。")
        click.echo("次に: flask staff add NAME --role admin、flask branches import FILE.csv")


@terminal.command("demo", short_help="デモンストレーションの図書館を作ります")
@click.option("--today", callback=_day, metavar="DATE", help="この日を今日として作ります")
def demo(today):
    """空のデータベースに、架空の図書館を読み込みます。データベースがなければ作ります。"""
    with terminal.made() if terminal.is_missing() else terminal.library():
        now = clock.at(today, 9) if today else clock.now()
        demonstration.load(today=today or clock.today(), now=now)
        for card, password, note in demonstration.DEMONSTRATION_CARDS:
            click.echo(f"{card}  {password}  {note}")


# -- people ----------------------------------------------------------------------------------------------------------
@command("staff", "add", short_help="職員を加えます")
@click.argument("name", metavar="NAME")
@click.option("--role", required=True, type=click.Choice(["desk", "admin"]), help="desk: 窓口、admin: 管理")
@click.option("--password-stdin", is_flag=True, help="パスワードを標準入力の1行目から読みます（15文字以上）")
def add_staff(name, role, password_stdin):
    """職員を加えます。NAME はログインIDです。パスワードを渡さないと、一度だけ使えるものを作って表示します。"""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with terminal.library():
        one_time = staff.add(name, role, password=password, actor="command", now=clock.now())
    click.echo(f"職員 {name} を加えました。")
    if one_time:
        click.echo(f"はじめのパスワード（最初のログインで変更します）: {one_time}")


@command("patrons", "reset-password", short_help="はじめのパスワードを発行し直します")
@click.argument("card", metavar="CARD")
def reset_password(card):
    """利用者のパスワードを消し、はじめのパスワードを発行し直します。ログイン中の画面はすべて終わります。"""
    with terminal.library():
        patron = patrons.by_card(card)
        if patron is None:
            raise terminal.Sentence(f"{errors.PatronUnknown()}。")
        code = reissue.reissue(patron, actor="command", via="desk", now=clock.now())
        until = dates.moment(patrons.initial_password_until(patron))
    click.echo(f"はじめのパスワードは {code or '生年月日の月と日（4桁の数字）'} です。{until}まで使えます。")


# -- mails and jobs --------------------------------------------------------------------------------------------------
@command("notices", "run", short_help="返却期限通知を用意します（送りません）")
@at_moment
def run_notices(now):
    """返却期限通知を送信箱に入れます。送るのは outbox deliver です。"""
    with terminal.library():
        click.echo(_counted(notices.queue_due(now=now)))


@command("outbox", "deliver", short_help="送信箱のメールを送ります")
def deliver_outbox():
    """送れるメールをすべて送ります。サーバーが送っているあいだは、60秒まで待ちます。"""
    with terminal.library():
        counts = mailer.deliver(current_app.config, now=clock.now())
        if "held" in counts:
            raise terminal.Sentence(
                "控えから戻したか、ほかの場所から写したデータベースなので、メールを止めています。「flask outbox release」で再開します。"
            )
        click.echo(_counted(counts))
        if left := outbox.sendable(now=clock.now()):
            raise terminal.Sentence(f"送れなかったメールが {left:,} 通残っています。")


@command("outbox", "release", short_help="控えから戻したあと、止めてあるメールを再開します")
def release_outbox():
    """データベースを控えから戻すか写したあとは、メールを送りません。たまっているメールを確かめてから、これで再開します。"""
    with terminal.library(), database.writing():
        outbox.release(mailer.installation_id(Path(current_app.config["INSTANCE"])))
        click.echo(f"メールを再開します。いま送れるもの: {outbox.sendable(now=clock.now()):,} 通")


@command("jobs", "list", short_help="定期の仕事と、前回の結果を並べます")
def list_jobs():
    """定期の仕事の名前、いつ動くか、前回はいつ、どうだったかを並べます。"""
    with terminal.library():
        for job in jobs.overview(current_app.config, now=clock.now()):
            click.echo("\t".join([job["name"], job["label"], job["when"], *_last_run(job)]))


@command("jobs", "run", short_help="定期の仕事を一つ、いま実行します")
@click.argument("name", metavar="NAME")
@at_moment
def run_job(name, now):
    """定期の仕事を一つ実行します。名前は jobs list で並びます。"""
    if name not in (names := [job.name for job in jobs.JOBS]):
        raise terminal.Misused(f"{name} という仕事はありません。名前: {', '.join(names)}", click.get_current_context())
    with terminal.library():
        try:
            counts = jobs.run(name, now=now, settings=current_app.config)
        except Exception as error:  # whatever a job dies of is kept in its row; here it is told
            raise terminal.Sentence(f"{name} は失敗しました（{type(error).__name__}: {error}）。") from error
        click.echo(_counted(counts))


def _last_run(job):
    """When the job ran last, and with what result."""
    if job["last_run"] is None:
        return ("まだ動いていません",)
    result = f"失敗 {job['last_error']}" if job["last_error"] else _counted(job["counts"])
    return dates.moment(job["last_run"]), result


def _counted(counts):
    told = [f"{COUNTED.get(name, name)} {number:,}" for name, number in counts.items()]
    return " / ".join(told) or "することはありませんでした。"


# -- database and settings -------------------------------------------------------------------------------------------
@command("db", "upgrade", short_help="データベースを新しい版にします")
def upgrade():
    """データベースをこの版のプログラムに合わせます。サーバーを止めてから実行してください。"""
    with _stopped_server(), terminal.connected():
        database.check_usable()
        for name in database.migrate():
            click.echo(f"移行しました: {name}")
        click.echo("データベースは、この版のプログラムに合っています。")


@command("db", "check", short_help="データベースの壊れを調べます")
def check():
    """データベース全体と、行どうしのつながりを調べます。見つかったものを並べ、あれば 1 で終わります。"""
    with terminal.connected():
        findings = database.damage_and_orphans()
        for finding in findings:
            click.echo(finding)
        if findings:
            raise terminal.Sentence(f"データベースに異常があります（{len(findings)} 件）。控えから戻してください。")
        database.check_usable()
    click.echo("データベースに異常はありません。")


@command("db", "backup", short_help="データベースの控えを作ります")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
def back_up(path):
    """サーバーが動いていても、ひとまとまりの控えを FILE に作ります。できた控えは、調べてから置きます。"""
    with terminal.connected():
        click.echo(f"控えを作りました: {backup.write(path)}")


@command("db", "restore", short_help="データベースを控えから戻します")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
def restore(path):
    """控え FILE に戻します。いまのデータベースは、名前を変えて残します。メールは「outbox release」まで送りません。"""
    with _stopped_server():
        target = terminal.database_file()
        if target is None:
            raise terminal.Sentence("SQLite のデータベースだけを戻せます。")
        kept = backup.restore(path, target)
        click.echo(f"控えから戻しました: {path}")
        if kept:
            click.echo(f"いままでのデータベース: {kept}")
        click.echo("メールは止めてあります。確かめてから「flask outbox release」で再開してください。")


@contextmanager
def _stopped_server():
    with database.server_lock(Path(current_app.config["INSTANCE"])) as free, terminal.sentences():
        if not free:
            raise terminal.Sentence("サーバーが動いています。止めてから実行してください。")
        yield


@command("settings", "show", short_help="設定を並べます")
def show_settings():
    """いまの設定を並べます。パスワードは見せません。"""
    for name in config.SETTINGS:
        click.echo(f"{name} = {_shown(name, current_app.config[name])}")


def _shown(name, value):
    if name == "MAIL_PASSWORD":
        return SECRET if value else ""
    if name == "DATABASE_URL" and (password := urlsplit(value).password):
        return value.replace(f":{password}@", f":{SECRET}@")
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value
