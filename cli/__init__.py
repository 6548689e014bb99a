"""The commands (``.venv/bin/flask …``, or ``madoguchi …`` where that is installed), thin: parse, one rule, print. How
they speak is in ``console``.

Exit status: 0 done (refused rows are in the totals), 1 nothing done, 2 called wrongly.
"""

import sys
import time
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import click
from flask import current_app

from cli import backups, catalog, cutover, ebooks, figures, imports, languages, libraries, packs, store  # noqa: F401 (their commands join their groups)
from cli.files import at_moment, command, day, groups, read_in, reads_files
from library import clock, dates, demonstration, errors, wording
from library.access.factors import second_factor
from library.account import recategorizing
from library.calendar import before_opening
from library.files import spreadsheets
from library.files.report import Report
from library.importing import branches, holds, items, loans, patrons as cards, words
from library.importing.branches import Branches
from library.lending import notices
from library.mail import answers, bounces, delivery, installation
from library.numbers import cards as card_numbers, proposals
from library.patrons import patrons, staff
from library.reading import sdi_mails
from library.store import database
from sending import mailer
from server import console, jobs
from settings import config, instances

WAIT_FOR_SERVER = 60  # seconds
SECRET = "********"  # noqa: S105 (what is shown in place of one)


def commands() -> list[click.Command]:
    """Return all commands: the groups, and those that stand alone."""
    return [*groups.values(), libraries.init, libraries.adopt, figures.figures, demo]


# -- tables that are read in
# --------------------------------------------------------------------------------------------
@command("branches", "import", short_help="館を取り込みます（CSV・TSV）")
@click.argument("file", metavar="FILE")
@reads_files("branches", offers=("pad_zeros",))
def import_branches(file: str, pad_zeros: bool, **options: Any) -> None:
    """館を取り込みます。館コードが同じ館は、変更として扱います。"""
    read_in("branches", [file], partial(branches.read_in, pad_zeros=pad_zeros), **options)


@command("items", "import", short_help="所蔵資料を取り込みます（CSV・TSV）")
@click.argument("file", metavar="FILE")
@reads_files("items", offers=("pad_zeros", "add_categories"))
def import_items(file: str, pad_zeros: bool, add_categories: bool, **options: Any) -> None:
    """所蔵資料を取り込みます。書誌は、書誌番号か ISBN で示します。"""
    rule = partial(items.read_in, pad_zeros=pad_zeros, adding=words.Adding(all=add_categories))
    read_in("items", [file], rule, **options)


@command("patrons", "import", short_help="利用者を取り込みます（CSV・TSV）")
@click.argument("file", metavar="FILE")
@reads_files("patrons", offers=("pad_zeros", "add_categories"))
@click.option(
    "--area-code", default="", metavar="NUMBER", help="市外局番のない電話番号に、この市外局番を付けます（0575）"
)
@click.option("--with-consent", is_flag=True, help="貸出履歴「残す」を取り込みます（本人の同意があるとき）")
@click.option(
    "--form",
    "takes_form",
    is_flag=True,
    help="どの番号の形式にも合わない番号に合う形を、番号の形式に加えてから取り込みます",
)
def import_patrons(
    file: str,
    with_consent: bool,
    area_code: str,
    pad_zeros: bool,
    add_categories: bool,
    takes_form: bool,
    **options: Any,
) -> None:
    """利用者を取り込みます。新しい利用者は、はじめのパスワードでログインできます。

    すでにある利用者は、図書館が管理する項目だけを変更します。メールアドレスや通知の選択は変更しません。"""

    def rule(table: spreadsheets.Table, **given: Any) -> None:
        now, today = clock.now(), clock.today()
        chosen: dict[str, Any] = {"with_consent": with_consent, "pad_zeros": pad_zeros, "area_code": area_code}
        chosen["adding"] = words.Adding(all=add_categories)
        if takes_form:
            first = Report()
            looking = given | {"report": first, "dry_run": True}
            cards.read_in(table, now=now, today=today, **chosen, **looking)
            if first.proposal and given["dry_run"]:
                chosen["known"] = proposals.expected(first.proposal)
                click.echo(f"番号の形式に加わります: {chosen['known'][-1].words}")
            elif first.proposal:
                form = proposals.take(first.proposal, by="command", now=now)
                click.echo(f"番号の形式に加えました: {form.words}")
        cards.read_in(table, now=now, today=today, **chosen, **given)
        if proposal := given["report"].proposal:
            click.echo(f"{proposal['said']}加えるには --form を付けます。")

    read_in("patrons", [file], rule, **options)


@command("loans", "import", short_help="貸出を取り込みます（CSV・TSV）")
@click.argument("file", metavar="FILE")
@reads_files("loans")
@click.option("--snapshot", is_flag=True, help="貸出中のすべてが入ったファイルとして扱い、ない貸出を返却にします")
@click.option("--branch", metavar="CODE", help="この館の貸出だけを返却の対象にします（--snapshot のとき）")
@click.option("--yes", "sure", is_flag=True, help="拒否した行があっても、一度に1割を超える返却になっても続けます")
def import_loans(file: str, snapshot: bool, branch: str | None, sure: bool, **options: Any) -> None:
    """貸出を取り込みます。返却期限日が変わった貸出は、延長として扱います。返却日のある行は取り込みません。"""

    def rule(table: spreadsheets.Table, **given: Any) -> None:
        only = Branches().find(branch) if branch else None
        if branch and only is None:
            raise errors.BranchUnknown(branch=branch)
        loans.read_in(table, now=clock.now(), snapshot=snapshot, branch=only, sure=sure, **given)

    read_in("loans", [file], rule, **options)


@command("holds", "import", short_help="予約を取り込みます（CSV・TSV）")
@click.argument("file", metavar="FILE")
@reads_files("holds")
def import_holds(file: str, **options: Any) -> None:
    """予約を取り込みます。資料は、書誌番号・ISBN・登録番号のどれかで示します。順位、予約日時、行の順に並びます。"""
    rule = partial(holds.read_in, now=clock.now())
    read_in("holds", [file], rule, **options)


# -- a new library ---------------------------------------------------------------------------------------------------
@console.command("demo", short_help="デモンストレーションの図書館を作ります")
@click.option("--today", callback=day, metavar="DATE", help="この日を今日として作ります")
def demo(today: date | None) -> None:
    """空のデータベースに、架空の図書館を読み込みます。データベースがなければ作ります。"""
    with console.new_library() if console.is_missing() else console.library():
        now = clock.at(today, 9) if today else clock.now()
        folder = Path(current_app.instance_path) / "ebooks"
        demonstration.load(today=today or clock.today(), now=now, folder=folder)
        for card, password, note in (*demonstration.DEMONSTRATION_CARDS, *demonstration.DEMONSTRATION_STAFF):
            click.echo(f"{card}  {password}  {note}")


# -- people ----------------------------------------------------------------------------------------------------------
@command("staff", "add", short_help="職員を加えます")
@click.argument("name", metavar="NAME")
@click.option("--role", required=True, type=click.Choice(["desk", "admin"]), help="desk: 窓口、admin: 管理")
@click.option("--password-stdin", is_flag=True, help="パスワードを標準入力の1行目から読みます（15文字以上）")
def add_staff(name: str, role: str, password_stdin: bool) -> None:
    """職員を加えます。NAME はログインIDです。パスワードを渡さないと、一度だけ使えるものを作って表示します。"""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with console.library():
        one_time = staff.add(name, role, password=password, actor="command", now=clock.now())
    click.echo(f"職員 {name} を加えました。")
    if one_time:
        click.echo(f"はじめのパスワード（最初のログインで変更します）: {one_time}")


@command("staff", "release", short_help="職員のログインの待ち時間を解除します")
@click.argument("name", metavar="NAME")
def release_staff(name: str) -> None:
    """続けて間違えたために待たされている職員が、すぐにログインできるようにします。だれかが間違え続けていても、30分のあいだ有効です。"""
    with console.library():
        staff.release(name, actor="command", now=clock.now())
    click.echo(f"職員 {name} の待ち時間を解除しました。30分のあいだ、どの端末からでもログインできます。")


@command("staff", "reset-factors", short_help="職員の2段階認証をすべて外します")
@click.argument("name", metavar="NAME")
def reset_factors(name: str) -> None:
    """認証アプリ、パスキー、復旧コードをなくした職員の、2段階認証をすべて外します。ログイン中の画面はすべて終わります。"""
    with console.library():
        second_factor.reset(staff.named(name), by="command", now=clock.now())
    click.echo(f"職員 {name} の2段階認証をすべて外しました。次は、パスワードだけでログインできます。")


@command("patrons", "reset-password", short_help="はじめのパスワードを発行し直します")
@click.argument("card", metavar="CARD")
def reset_password(card: str) -> None:
    """利用者のパスワードを消し、はじめのパスワードを発行し直します。ログイン中の画面はすべて終わります。"""
    with console.library():
        patron = card_numbers.by_number(card)
        if patron is None:
            raise console.Sentence(card_numbers.refusal(card).sentence)
        code = patrons.reissue(patron, by="command", now=clock.now())
        until = patrons.initial_password_until(patron)
    limit = f"{dates.moment(until)}まで使えます。" if until else ""
    click.echo(f"はじめのパスワードは {code or '生年月日の月と日（4桁の数字）'} です。{limit}")


@command("patrons", "recategorize", short_help="区分をまとめて変更します")
@click.option("--from", "old", required=True, metavar="CATEGORY", help="いまの区分")
@click.option("--to", "new", required=True, metavar="CATEGORY", help="新しい区分")
@click.option("--born-until", required=True, metavar="DATE", help="この日までに生まれた方（2014-04-01）")
@click.option("--dry-run", is_flag=True, help="変更せずに、人数を表示します")
def recategorize(old: str, new: str, born_until: str, dry_run: bool) -> None:
    """この日までに生まれた方の区分を、まとめて変更します。カードを廃止した方と、生年月日のない方は変更しません。

    30日のあいだ、窓口の「区分の一括変更」で元に戻せます。"""
    with console.library():
        try:
            move = recategorizing.read(old, new, born_until)
        except errors.RefusedTogether as refused:
            raise console.Sentence(
                "".join(f"{wording.field_word(name)}：{found[0].sentence}" for name, found in refused.by_field.items())
            ) from refused
        found = recategorizing.candidates(move)
        over = sum(bool(each.over) for each in found)
        click.echo(f"{old}→{new}: {len(found):,} 人（上限を超えて借りているか予約している方 {over:,} 人）")
        if dry_run or not found:
            click.echo("変更していません。")
            return
        moved = recategorizing.change(move, [each.patron.id for each in found], by="command", now=clock.now())
    click.echo(f"変更しました: {moved.count:,} 人")


# -- mails and jobs --------------------------------------------------------------------------------------------------
@command("notices", "run", short_help="返却期限通知を用意します（送りません）")
@at_moment
def run_notices(now: datetime) -> None:
    """返却期限通知を送信箱に入れます。送るのは outbox deliver です。"""
    with console.library():
        before_opening.require_open(now=now)
        click.echo(_counted(notices.queue_due(now=now)))


@command("sdi", "run", short_help="新着資料のお知らせを用意します（送りません）")
@at_moment
def run_sdi(now: datetime) -> None:
    """利用者が登録した検索にあう新しい資料を調べ、お知らせを送信箱に入れます。送るのは outbox deliver です。"""
    with console.library():
        before_opening.require_open(now=now)
        click.echo(_counted(sdi_mails.queue(now=now)))


@command("outbox", "deliver", short_help="送信箱のメールを送ります")
def deliver_outbox() -> None:
    """送れるメールをすべて送ります。サーバーが送っているあいだは、60秒まで待ちます。"""
    with console.library():
        before_opening.require_open(now=clock.now())
        until = time.monotonic() + WAIT_FOR_SERVER
        while "busy" in (counts := delivery.deliver(mailer.Mailer, current_app.config, now=clock.now())):
            if time.monotonic() >= until:
                break
            time.sleep(0.2)
        if "held" in counts:
            raise console.Sentence(
                "控えから戻したか、ほかの場所から写したデータベースなので、メールを止めています。"
                f"「{instances.PROGRAM} outbox release」で再開します。"
            )
        click.echo(_counted(counts))
        if left := delivery.sendable(now=clock.now()):
            raise console.Sentence(f"送れなかったメールが {left:,} 通残っています。")


@command("outbox", "release", short_help="控えから戻したあと、止めてあるメールを再開します")
def release_outbox() -> None:
    """データベースを控えから戻すか写したあとは、メールを送りません。たまっているメールを確かめてから、これで再開します。"""
    with console.library(), database.writing():
        installation.release(installation.identity(current_app.config))
        click.echo(f"メールを再開します。いま送れるもの: {delivery.sendable(now=clock.now()):,} 通")


@command("outbox", "bounces", short_help="届かなかったという知らせを読み取ります")
@click.argument("files", type=click.File("rb"), nargs=-1, metavar="FILE...")
def read_bounces(files: tuple[BinaryIO, ...]) -> None:
    """送ったあとで返ってきた「届かなかった」という知らせ（配信状況通知）を読み取り、送れなかったメールと届かないアドレスに入れます。

    FILE はメール1通ずつのファイルです。標準入力から読むときは - とします。知らせでないメールは、そのままにします。
    """
    with console.library():
        reports = [report for file in files if (report := bounces.read(file.read(bounces.LARGEST)))]
        noted = sum(bounces.note(report, now=clock.now()) for report in reports)
        click.echo(f"{len(files):,} 通のうち {noted:,} 通を、届かなかったメールとして記録しました。")


@command("mail", "test", short_help="試しのメールを1通、いま送ります")
@click.argument("address", metavar="ADDRESS")
def test_mail(address: str) -> None:
    """メールサーバーの設定を確かめるため、ADDRESS にメールを1通、いま送ります。送信箱は通しません。移行中でも送ります。"""
    with console.library():
        try:
            where = mailer.send_test(current_app.config, address)
        except answers.NotDelivered as problem:
            raise console.Sentence(f"{address} に送れませんでした。{problem}") from problem
    click.echo(f"送りました: {address}（{where}）。届いたかどうかと、迷惑メールに入っていないかを確かめてください。")


@command("jobs", "list", short_help="定期の仕事と、前回の結果を並べます")
def list_jobs() -> None:
    """定期の仕事の名前、いつ動くか、前回はいつ、どうだったかを並べます。"""
    with console.library():
        for job in jobs.overview(current_app.config, now=clock.now()):
            click.echo("\t".join([job["name"], job["label"], job["when"], *_last_run(job)]))


@command("jobs", "run", short_help="定期の仕事を一つ、いま実行します")
@click.argument("name", metavar="NAME")
@at_moment
def run_job(name: str, now: datetime) -> None:
    """定期の仕事を一つ実行します。名前は jobs list で並びます。"""
    if name not in (names := [job.name for job in jobs.JOBS]):
        raise console.Misused(f"{name} という仕事はありません。名前: {', '.join(names)}", click.get_current_context())
    with console.library():
        try:
            counts = jobs.run(name, now=now, settings=current_app.config)
        except errors.MovingIn:
            raise
        except Exception as error:  # the row of the job has it too
            raise console.Sentence(f"{name} は失敗しました（{type(error).__name__}: {error}）。") from error
        click.echo(_counted(counts))


def _last_run(job: dict) -> tuple[str, ...]:
    """Return the last run of the job and its result."""
    if job["last_run"] is None:
        return ("まだ動いていません",)
    result = f"失敗 {job['last_error']}" if job["last_error"] else _counted(job["counts"])
    return dates.moment(job["last_run"]), result


def _counted(counts: dict[str, int]) -> str:
    words = [f"{wording.COUNTED.get(name, name)} {number:,}" for name, number in counts.items()]
    return " / ".join(words) or "することはありませんでした。"


# -- settings ---------------------------------------------------------------------------------------------------------
@command("settings", "show", short_help="設定を並べます")
def show_settings() -> None:
    """いまの設定を並べます。パスワードは見せません。"""
    for name in config.SETTINGS:
        click.echo(f"{name} = {_shown(name, current_app.config[name])}")


def _shown(name: str, value: Any) -> Any:
    if name in ("MAIL_PASSWORD", "METRICS_TOKEN"):
        return SECRET if value else ""
    if name == "DATABASE_URL" and (password := urlsplit(value).password):
        return value.replace(f":{password}@", f":{SECRET}@")
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value
