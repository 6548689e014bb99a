"""The commands of the catalogue: files in, files out, the index made anew."""

from contextlib import AbstractContextManager
from operator import attrgetter
from pathlib import Path
from typing import Any

import click
from flask import current_app

from cli import files
from library import clock
from library.catalog import exporting, store
from library.catalog.creators import authority_records
from library.catalog.fulltext import index
from library.catalog.readers import authorities as authority_files, formats
from library.catalog.works import linking
from library.ebooks import stock
from library.files import encodings
from library.files.report import Report
from library.importing import batches, titles, words
from library.importing.assignments import Assignments
from library.importing.titles import rereading
from server import console

PROMISE = (
    "MARC 21・MARCXML・DC-NDL と、CSV か TSV を読みます。どれであるかは、名前ではなく中身で見分けます。文字コードも同じです"
    "（UTF-8・MARC-8・CP932・EUC-JP・ISO-2022-JP・UTF-16）。"
    "次の列と --map は、CSV と TSV のものです。"
)


@files.command("catalog", "import", short_help="書誌を取り込みます（MARC 21・MARCXML・DC-NDL・CSV・TSV）")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...")
@files.reads_files("titles", PROMISE, tuple(encodings.NAMES), offers=("add_categories",))
@click.option(
    "--source", default="", metavar="NAME", help="書誌番号の出典を書きます。MARC の記録に 003 がないときは必須です"
)
@click.option("--authorities", is_flag=True, help="書誌ではなく、典拠（著者名と件名。MARC 21・MARCXML）を取り込みます")
def read_in(paths: tuple[str, ...], add_categories: bool, source: str, authorities: bool, **options: Any) -> None:
    """書誌を取り込みます。ファイルに資料（登録番号）があれば、新しい資料も加えます。すでにある資料は変更しません。"""
    if authorities:
        options |= {"mapping": Assignments(), "forget": False}  # they have no columns
        files.read_in("authorities", paths, _read_authorities, _open_authorities, **options)
        return
    holdings = current_app.config["HOLDINGS"]

    def rule(catalogue: Any, **given: Any) -> None:
        titles.read_in(catalogue, today=clock.today(), adding=words.Adding(all=add_categories), **given)

    def opener(path: Path, given: dict[str, Any]) -> AbstractContextManager:
        return formats.opened(path, holdings=holdings, source=source, **given)

    files.read_in("titles", paths, rule, opener, **options)


def _open_authorities(path: Path, given: dict[str, Any]) -> AbstractContextManager:
    return authority_files.opened(path, given["encoding"] or "")


def _read_authorities(file: authority_files.File, report: Report, dry_run: bool, progress: batches.Progress) -> None:
    intake = authority_records.Intake(report)
    batches.carry_out_together(
        file, intake.put, part=batches.ROWS, report=report, dry_run=dry_run, progress=progress,
        identity=attrgetter("number"),
    )  # fmt: skip
    if not dry_run:
        intake.finish()


@files.command("catalog", "export", short_help="書誌を書き出します（MARCXML・CSV）")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format", "form", required=True, type=click.Choice(list(exporting.FORMATS)), help="marcxml: 書誌、csv: 所蔵"
)
def export(path: Path, form: str) -> None:
    """すべての書誌を MARCXML で、またはすべての資料を CSV（1点1行）で、FILE に書き出します。"""
    with console.library():
        count = exporting.FORMATS[form](path)
    click.echo(f"書き出しました: {count:,} 件")


@files.command("catalog", "reindex", short_help="検索の索引と並び順を作り直します")
@click.option("--reread", is_flag=True, help="もとの記録を今のプログラムで読み直し、変わったところを書誌に反映します")
def reindex(reread: bool) -> None:
    """検索の索引と、五十音順・請求記号順の並びを作り直します。途中で止まったときは、もう一度実行します。"""
    with console.library():
        if reread:
            with files.reporting("reread", None) as done:
                rereading.run(report=done.report, holdings=current_app.config["HOLDINGS"], tell=console.bar("読み直し"))
            linking.link_remaining()
            stock.reread_accessibility(Path(current_app.config["INSTANCE"]) / stock.FOLDER, again=True)
        else:
            store.rewrite_sort_keys()
            linking.link_remaining()
            index.rebuild(console.bar("検索の索引"))
    click.echo("索引を作り直しました。")
