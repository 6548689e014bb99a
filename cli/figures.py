"""The command of figures: a definition, its query and its rows, so that anyone can count again."""

from datetime import date

import click

from cli.files import day
from library import branches, clock, dates, errors
from library.counting.figures import counts
from library.counting.figures.definitions import FIGURES
from library.importing.branches import Branches
from server import console


@console.command("figures", short_help="統計の数字を、定義と問い合わせとともに数えます")
@click.argument("name", metavar="NAME", required=False)
@click.option("--from", "first", callback=day, metavar="DATE", help="この日から（なければ、今年度のはじめから）")
@click.option("--to", "last", callback=day, metavar="DATE", help="この日まで（なければ、今日まで）")
@click.option("--branch", metavar="CODE", help="この館だけを数えます")
@click.option("--by", default="branch", metavar="PART", help="branch（館ごと）、month、day、class など")
def figures(name: str | None, first: date | None, last: date | None, branch: str | None, by: str) -> None:
    """定義、問い合わせ（SQL）、数えた行を表示します。氏名と書名は出ません。NAME がなければ、数字の名前を並べます。"""
    if name is None:
        for each in FIGURES.values():
            click.echo(f"{each.name}\t{each.label}\t{each.unit}")
        return
    figure, today = FIGURES.get(name), clock.today()
    if figure is None:
        raise console.Misused(f"{name} という数字はありません。", click.get_current_context())
    if not figure.year and by not in figure.ways:
        known = f"{name} は {by} ごとには数えられません。数えられるもの: {', '.join(figure.ways)}"
        raise console.Misused(known, click.get_current_context())
    with console.library():
        only = Branches().find(branch) if branch else None
        if branch and only is None:
            raise errors.BranchUnknown(branch=branch)
        span = first or dates.fiscal_year(today)[0], last or today
        counted = counts.count(name, *span, branch=only and only.id, by=by, today=today)
        names = branches.names() if by == "branch" else {}
    click.echo(f"{figure.label}（{figure.unit}）: {figure.words}")
    click.echo(f"{span[0]} から {span[1]} まで: {counted.shown}{counted.gap and f'（{counted.gap}）'}")
    click.echo(f"\n{counted.query}\n" if counted.query else "")
    for part, number in counted.rows:
        words = part.strftime("%Y-%m") if by == "month" else names.get(part, part)
        click.echo(f"{words}\t{'' if number is None else number}")
