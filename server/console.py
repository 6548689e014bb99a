"""The voice of the commands: help and refusals in Japanese, one sentence for what can't be done, never a traceback."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import IO, Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, ScriptInfo, with_appcontext

from library import demonstration, errors
from library.mail import installation
from library.site import branding
from library.store import backup, copying, database, engine, ownership
from models import database as connection
from server import web_server
from settings import config, folders, instances, settings_file

BAR_AFTER = 1  # seconds; what is done sooner needs no progress bar
NAME = "madoguchi"
# whose message is a sentence
REFUSALS = (errors.Refused, settings_file.WrongSetting, database.Unusable, backup.NoBackup, copying.NotCopied)


# -- what can't be done ----------------------------------------------------------------------------------------------
class Sentence(click.ClickException):
    """End with the reason why nothing was done, and status 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=True)


class NoChoice(Sentence):
    """End with the list of libraries of which one must be named, and status 2."""

    exit_code = 2


class Misused(click.UsageError):
    """End with how the command is called, and status 2."""

    def __init__(self, message: str, ctx: click.Context | None = None, command_path: str = "") -> None:
        super().__init__(message, ctx)
        self.command_path = ctx.command_path if ctx else command_path

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=True)
        click.echo(f"使い方を見るには: {self.command_path} --help", file=file, err=True)


@contextmanager
def sentences() -> Iterator[None]:
    """Turn what may go wrong inside into a sentence."""
    try:
        yield
    except errors.RefusedTogether as refused:
        raise Sentence(
            "\n".join(reason.sentence for reasons in refused.by_field.values() for reason in reasons)
        ) from refused
    except database.Damaged as problem:
        raise Sentence(instances.of_damage(config.load())) from problem
    except instances.NotChosen as problem:
        raise NoChoice(str(problem)) from problem
    except REFUSALS as problem:
        raise Sentence(str(problem)) from problem
    except database.ENGINE_ERRORS as error:
        raise Sentence(_about_database(error)) from error
    except OSError as error:
        raise Sentence(_about_file(error)) from error


def in_words(create_app: Callable[..., Flask]) -> Callable[..., Flask]:
    """Return the application factory such that a bad start within a command ends it with a sentence on
    standard error.
    """

    @wraps(create_app)
    def create(**given: object) -> Flask:
        if click.get_current_context(silent=True) is None:
            return create_app(**given)
        try:
            with sentences():
                app = create_app(**given)
                web_server.spare_what_stays()
                return app
        except Sentence as problem:
            # flask would print anything but an exit as a traceback while it lists its commands
            problem.show()
            sys.exit(problem.exit_code)

    return create


def _about_database(error: Exception) -> str:
    text = engine.words(error)
    if "cannot rollback" in text and isinstance(error.__context__, Exception):
        return _about_database(error.__context__)  # a full disk: SQLite rolled back by itself
    if "locked" in text:
        return "データベースがほかの処理で使われていて、書き込めませんでした。少し待って、もう一度実行してください。"
    if "full" in text:
        return "ディスクの空きがないため、書き込めませんでした。空きを作って、もう一度実行してください。"
    if "readonly" in text or "unable to open" in text:
        return f"データベースを開けないか、書き込めません（{text}）。"
    if engine.is_damage(error):
        return instances.of_damage(config.load())
    return f"データベースを読み書きできません（{text}）。{instances.PROGRAM} db check で確かめてください。"


def _about_file(error: OSError) -> str:
    name = error.filename or ""
    if isinstance(error, FileNotFoundError):
        return f"ファイル {name} がありません。"
    if isinstance(error, IsADirectoryError):
        return f"{name} はファイルではなくフォルダです。"
    if isinstance(error, PermissionError) and name:
        inbox = Path(config.load()["INSTANCE"]) / "inbox"
        return f"{ownership.refusal(Path(name))}読み込むファイルは {inbox} に置けます。"
    return f"{name} を読み書きできません（{error.strerror or error}）。"


# -- groups and commands ---------------------------------------------------------------------------------------------
class BareCommand(click.Command):
    """A command whose help and usage errors are Japanese; it needs no application."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="使い方: ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [parameter.get_help_record(ctx) for parameter in self.get_params(ctx)]
        with formatter.section("オプション"):
            formatter.write_dl([record for record in records if record and record[0].startswith("-")])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option:
            option.help = "この説明を表示します"
        return option

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        try:
            return super().make_context(info_name, args, parent=parent, **extra)
        except (Misused, click.exceptions.NoArgsIsHelpError):
            raise
        except click.UsageError as error:
            path = f"{parent.command_path} {info_name}" if parent else str(info_name)
            raise Misused(_misuse(error), error.ctx, path) from error


class Command(BareCommand):
    """A command that says first which library it acts on."""

    def invoke(self, ctx: click.Context) -> Any:
        app = ctx.ensure_object(ScriptInfo).load_app()
        with sentences():
            click.echo(which_library(app.config), err=True)
        return super().invoke(ctx)


class Group(BareCommand, AppGroup):
    """A group of commands; each runs in the application's context."""

    command_class = Command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        with formatter.section("コマンド"):
            formatter.write_dl(
                [(name, self.commands[name].get_short_help_str(200)) for name in self.list_commands(ctx)]
            )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise Misused(_misuse(error), ctx=ctx) from error


def command(
    name: str, *, cls: type[Command] = Command, **options: Any
) -> Callable[[Callable[..., None]], click.Command]:
    """Decorate a command outside of the groups; it runs in the application's context."""
    return lambda function: click.command(name, cls=cls, **options)(with_appcontext(function))


def run(create_app: Callable[[], Flask], commands: Iterable[click.Command]) -> None:
    """Run the program ``madoguchi`` by its command line: these commands, on the application where they need one."""
    program = Group(NAME, help="図書館の窓口を公開し、手入れをします。", commands=list(commands))
    version = click.version_option(
        config.VERSION, prog_name=NAME, message="%(prog)s %(version)s", help="版を表示します"
    )
    library = click.option(
        "--instance",
        metavar="NAME|DIR",
        expose_value=False,
        callback=_choose,
        help=f"図書館の名前（{instances.directory()} のファイル）か、フォルダ",
    )
    library(version(program)).main(prog_name=NAME, obj=ScriptInfo(create_app=create_app))


def _choose(ctx: click.Context, parameter: click.Parameter, word: str | None) -> None:
    """Have this process, and those that it starts, act on the library that the command line names."""
    if word is not None:
        os.environ[instances.CHOSEN] = word


def _misuse(error: click.UsageError) -> str:
    if isinstance(error, click.MissingParameter) and error.param and error.ctx:
        is_option = error.param.param_type_name == "option"
        return f"{error.param.opts[0] if is_option else error.param.make_metavar(error.ctx)} を指定してください。"
    if isinstance(error, click.NoSuchOption):
        return f"{error.option_name} というオプションはありません。"
    if isinstance(error, click.exceptions.NoSuchCommand):
        return f"{error.command_name} というコマンドはありません。"
    if isinstance(error, click.BadOptionUsage):
        return f"{error.option_name} の使い方が正しくありません。"
    if isinstance(error, click.BadParameter) and error.param:
        choices = getattr(error.param.type, "choices", None)
        allowed = f"（{'、'.join(choices)} のどれかです）" if choices else ""
        return f"{error.param.opts[0]} の値を使えません{allowed}。"
    return "引数が多すぎるか、正しくありません。"


# -- the database ----------------------------------------------------------------------------------------------------
@contextmanager
def library() -> Iterator[None]:
    """Connect to the library's database, known to be usable; all that goes wrong inside becomes a sentence."""
    with connected():
        database.check_usable()
        if database.pending():
            raise Sentence(
                f"データベースが古い版のままです。控えをとってから {instances.PROGRAM} db upgrade を実行してください。"
            )
        demonstration.name_library(current_app.config, config.SETTINGS["LIBRARY_NAME"].default)
        yield


@contextmanager
def connected() -> Iterator[None]:
    """Connect to the library's database as it is. A sentence where there is none."""
    if not folders.is_library(current_app.config) or is_missing():
        raise Sentence(instances.no_library(current_app.config))
    with sentences(), connection.connection_context():
        yield


@contextmanager
def new_library() -> Iterator[None]:
    """Make an empty library of this installation and connect; nothing is left of it when something goes
    wrong inside.
    """
    if not is_missing():
        raise Sentence("データベースはもうあります。何も変更していません。")
    with sentences():
        folders.prepare_instance(current_app.config)
        folders.stored_token(Path(current_app.config["INSTANCE"]) / folders.KEY)
    with sentences(), database.founding(current_app.config["DATABASE_URL"]):
        yield
        installation.bind(folders.stored_token(Path(current_app.config["INSTANCE"]) / "installation-id"))


def is_missing() -> bool:
    """Tell whether there is no library yet."""
    with sentences():
        return database.is_missing(current_app.config["DATABASE_URL"])


def database_file() -> Path | None:
    """Return the file of the database; none where it is a server's."""
    return database.file_of(current_app.config["DATABASE_URL"])


def which_library(settings: dict[str, Any]) -> str:
    """Return the line with which each command and the service begin. Raises: OfBeforeFirst."""
    return f"図書館: {name_of_library(settings)}（{_place_of_library(settings)}）"


def name_of_library(settings: dict[str, Any]) -> str:
    """Return the name in the settings, or the demonstration's. A database that can't be read is refused later. Raises:
    OfBeforeFirst.
    """
    try:
        with database.glance(settings["DATABASE_URL"]) as there:
            if there:
                demonstration.name_library(settings, config.SETTINGS["LIBRARY_NAME"].default)
                return branding.name(settings)
    except database.OfBeforeFirst:
        raise
    except (OSError, database.Unusable, *database.ENGINE_ERRORS):
        pass
    return settings["LIBRARY_NAME"]


def _place_of_library(settings: dict[str, Any]) -> str:
    """Return the instance folder, and the file of the database where that lies elsewhere."""
    file = database.file_of(settings["DATABASE_URL"])
    elsewhere = file is not None and file.absolute().parent != Path(settings["INSTANCE"])
    return f"{settings['INSTANCE']}、データベース {file}" if elsewhere else settings["INSTANCE"]


# -- progress --------------------------------------------------------------------------------------------------------
class Progress:
    """Show a bar on standard error to people at a terminal who have waited a second; a new one when the work begins
    again from the front.
    """

    def __init__(self, size: int, label: str = "読み込み中") -> None:
        self._size, self._label = size, label
        self._began = time.monotonic()
        self._bar: Any = None
        self._at = 0

    def __call__(self, position: int) -> None:
        if position < self._at:
            self.end()
            self._bar, self._at = None, 0
        if self._bar is None and sys.stderr.isatty() and time.monotonic() - self._began > BAR_AFTER:
            self._bar = click.progressbar(length=self._size, label=self._label, file=sys.stderr)
        if self._bar:
            self._bar.update(position - self._at)
            self._at = position

    def end(self) -> None:
        if self._bar:
            self._bar.render_finish()


def bar(label: str) -> Callable[[int, int], None]:
    """Return the progress bar of a long work, to be called with the part that is done and the whole."""
    shown: list[Progress] = []

    def show(done: int, of: int) -> None:
        if not shown:
            shown.append(Progress(of, label))
        shown[0](done)
        if done >= of:
            shown[0].end()

    return show
