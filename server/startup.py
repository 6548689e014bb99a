"""The process that serves a library, or one of several: checks before it begins, the first start, what it prints, web
server and jobs.
"""

import hashlib
import hmac
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn

from flask import Flask

from library import clock, demonstration
from library.access.guessing import hashing, remembered
from library.catalog.search import snapshot
from library.importing.titles import rereading
from library.mail import installation, vapid
from library.patrons import staff
from library.store import database, engine, locks, ownership
from models import database as connection
from sending import mailer
from server import console, logs, processes, scheduler, watcher, web_server
from settings import config, folders, instances, settings_file

log = logging.getLogger("madoguchi")


def run(create_app: Callable[[], Flask], *, demonstrate: bool) -> None:
    """Serve until SIGTERM. Exits with a sentence and status 1 where the library can't be served.

    ``demonstrate``: make the demonstration where there never was a library.
    """
    web_server.end_on_sigterm()
    os.umask(0o077)
    web_server.share_one_heap()
    logs.begin()
    sockets = processes.handed_sockets()
    with _sentences(create_app):
        if not sockets:
            print(_which_library(), file=sys.stderr, flush=True)
        app = _begin(create_app, demonstrate)
        if sockets:
            server = _join(app, sockets)
        elif app.config["PROCESSES"] == 1:
            server = _listen(app)
            _make_ready(app, demonstrate, server)
        else:
            _serve_by_several(app, demonstrate)
    _serve(app, server)


def _which_library() -> str:
    """Return the line that names the library and the file of its settings, as each command says it. Raises:
    WrongSetting.
    """
    config.become_owner()
    file = f"設定ファイル: {config.file_that_is_read()}"
    try:
        settings = config.load()
        database.open_database(settings["DATABASE_URL"])
    except (settings_file.WrongSetting, database.Unusable):  # which is told when the application is made
        return f"図書館: {config.folder()}\n{file}"
    return f"{console.which_library(settings)}\n{file}"


def _serve(app, server):
    running = watching = None
    try:
        threading.Thread(target=_prepare_search, args=(app.config["HOLDINGS"],), name="catalogue", daemon=True).start()
        running = scheduler.start(app) if app.config["JOBS"] else None
        app.extensions["watcher"] = watching = watcher.Watcher(app, running)
        watching.start()
        web_server.spare_what_stays()
        server.run()
    finally:
        if watching:
            watching.stop()
        if running:
            running.stop()


@contextmanager
def _sentences(create_app) -> Iterator[None]:
    """End with a sentence where the library can't be served."""
    try:
        yield
    except database.Damaged:
        _end_damaged(create_app)
    except (settings_file.WrongSetting, database.Unusable) as problem:
        print(f"madoguchi: {problem}", file=sys.stderr, flush=True)
        sys.exit(2 if isinstance(problem, instances.NotChosen) else 1)
    except database.ENGINE_ERRORS as error:
        if engine.is_damage(error):
            _end_damaged(create_app)
        raise
    except PermissionError as error:
        sys.exit(f"madoguchi: {ownership.refusal(Path(error.filename))}")


def _end_damaged(create_app) -> NoReturn:
    app = create_app()  # it reads nothing of the database
    with app.app_context():
        watcher.tell_of_damage(app.config, now=clock.now())
    sys.exit(f"madoguchi: {instances.of_damage(app.config)}")


def _begin(create_app, demonstrate) -> Flask:
    """Return the application of this process, which is one of those who serve."""
    app = create_app()
    config.require_proxies(app.config)
    config.require_server(app.config)
    if not folders.is_library(app.config):
        _require_demonstration(app, demonstrate)
        app.config["SECRET_KEY"] = folders.stored_token(folders.prepare_instance(app.config) / folders.KEY)
    if app.config["DEVELOPMENT"]:
        logs.keep_in(_log_file(app))
    logs.write_as(app.config["LOG_FORMAT"])
    _begin_to_serve(app)
    vapid.key(Path(app.config["INSTANCE"]))  # the key of notices to phones, which is made at the first start
    for warning in folders.keep_private(app.config):
        print(f"注意: {warning}", file=sys.stderr, flush=True)
    hashing.leave_room_for_pages(app.config["THREADS"], app.config["PROCESSES"])
    return app


def _join(app, sockets):
    """Return the server of one of several processes, whose parent has made everything ready."""
    remembered.use_shared_key(processes.memory_key())
    with database.reached(), connection.connection_context():
        _offer_setup(app)
    return _listen(app, sockets=sockets)


def _serve_by_several(app, demonstrate) -> NoReturn:
    with _told_of_port(app):
        sockets = web_server.bind(app.config["HOST"], app.config["PORT"])
    with ExitStack() as opened:
        for each in sockets:
            opened.enter_context(each)
        _make_ready(app, demonstrate)
        app.extensions["server_lock"].release()  # each child takes its own
        connection.close_all()
        web_server.spare_what_stays()
        processes.serve(sockets, app.config["PROCESSES"])


def _begin_to_serve(app):
    """Take the lock of those who serve."""
    app.extensions["server_lock"] = lock = locks.serving_lock(Path(app.instance_path), serving=True)
    database.require_sessions()
    with database.reached():
        if lock.acquire():
            return
    if database.file_of(app.config["DATABASE_URL"]):
        raise settings_file.WrongSetting(f"{app.instance_path} では、すでに Madoguchi が動いています。")
    raise database.Unusable("データベースを変えるコマンドが動いています。終わってから、もう一度始めてください。")


def _listen(app, sockets=()):
    with _told_of_port(app):
        return web_server.listen(
            app,
            sockets or web_server.bind(app.config["HOST"], app.config["PORT"]),
            threads=app.config["THREADS"],
            connections=app.config["CONNECTIONS"],
            clear_untrusted_proxy_headers=not app.config["TRUSTED_PROXIES"],  # else ProxyFix has nothing to read
        )


@contextmanager
def _told_of_port(app) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error).partition(" (")[0]  # what Python adds is the address
        raise settings_file.WrongSetting(
            f"{app.config['HOST']}:{app.config['PORT']} で待ち受けられません（{reason}）。"
            "ほかのプログラムが使っているときは MADOGUCHI_PORT で変えてください。"
        ) from error


def _make_ready(app, demonstrate, server=None):
    """Make the first start, refuse what can't be served, and greet; ``server`` is closed where that fails."""
    with ExitStack() as refused:
        if server:
            refused.callback(server.close)
        if missing := database.is_missing(app.config["DATABASE_URL"]):
            _first_start(app, demonstrate)
        with connection.connection_context():
            _check(app, missing)
            print(_greeting(app), flush=True)
            if code := _offer_setup(app):
                print(
                    f"職員の登録がまだありません。{app.config['PUBLIC_URL']}/desk/setup で登録できます。コード: {code}",
                    file=sys.stderr,
                    flush=True,
                )
        refused.pop_all()


def _check(app, missing):
    if not missing:
        database.check_usable()
        if database.pending():
            raise database.Unusable(
                f"データベースが古い版のままです。控えをとってから「{instances.COMMAND} db upgrade」を実行してください。"
            )
    demonstration.name_library(app.config, config.SETTINGS["LIBRARY_NAME"].default)
    # a public address must not serve the demonstration, whose passwords everybody knows, unless that is meant
    if app.config["SESSION_COOKIE_SECURE"] and demonstration.is_loaded() and not app.config["ALLOW_DEMONSTRATION"]:
        raise settings_file.WrongSetting(
            "PUBLIC_URL が https ですが、データベースはデモンストレーションのものです。"
            f"公開するときは「{instances.PROGRAM} init」で作り直すか、MADOGUCHI_ALLOW_DEMONSTRATION=1 を指定してください。"
        )


def _offer_setup(app) -> str:
    """Return the code with which the first account is made on a page, as only who starts the server sees it; empty
    where there are accounts. It is the same in every process of a library.
    """
    if staff.has_accounts():
        return ""
    code = hmac.new(app.config["SECRET_KEY"].encode(), b"setup", hashlib.sha256).hexdigest()[:16]
    app.extensions["setup_code"] = code
    return code


def _first_start(app, demonstrate):
    """Make the demonstration. One that nobody asked for is refused, and so is one in place of a library that went
    missing.
    """
    id_file = Path(app.instance_path) / "installation-id"
    if id_file.exists():
        raise database.Unusable(
            f"データベース {database.file_of(app.config['DATABASE_URL']) or 'DATABASE_URL'} がありません。控えから「{instances.COMMAND} db restore」で戻してください"
            f"（はじめから作り直すときは {id_file} も消してください）。"
        )
    _require_demonstration(app, demonstrate)
    with database.founding(app.config["DATABASE_URL"]):
        demonstration.load(today=clock.today(), now=clock.now(), folder=Path(app.instance_path) / "ebooks")
        installation.bind(folders.stored_token(id_file))


def _require_demonstration(app, demonstrate):
    """Refuse to make a demonstration that nobody asked for."""
    # systemd gives the process that it starts its own number: this is a service, and nobody who tries
    if not demonstrate or os.environ.get("SYSTEMD_EXEC_PID") == str(os.getpid()):
        raise database.Unusable(f"{instances.no_library(app.config)}試すときは「{config.SERVE} --demonstration」です。")


def _log_file(app) -> Path:
    return Path(app.instance_path) / "log"


def _greeting(app) -> str:
    """Return the lines of a start: address, place of mails and log, and the sign-in of a demonstration."""
    settings = app.config
    host = mailer.server_of(settings)
    mail_goes = (
        f"{host}:{settings['MAIL_PORT']}" if host else f"{app.instance_path}/mail（送らずに .eml で書き出します）"
    )
    lines = [
        f"{settings['LIBRARY_NAME']} を {settings['PUBLIC_URL']}/ で公開しています。",
        f"メールの行き先: {mail_goes}",
    ]
    if app.config["DEVELOPMENT"]:
        lines.append(f"ログ: {_log_file(app)}")
    if demonstration.is_loaded():
        lines.append("デモンストレーション用のカードの番号とパスワード:")
        lines += [f"  {card}  {password}  {note}" for card, password, note in demonstration.DEMONSTRATION_CARDS]
        staff = (f"{login}  {password}（{note}）" for login, password, note in demonstration.DEMONSTRATION_STAFF)
        lines.append(f"窓口 {settings['PUBLIC_URL']}/desk/: {'、'.join(staff)}")
    return "\n".join(lines)


def _prepare_search(holdings):
    """Read the arrays of the search, before somebody waits for them, and then index what an upgrade left out."""
    with connection.connection_context():
        snapshot.current()
        if not rereading.is_complete():
            log.info("the catalogue is put into the index of the search")
            rereading.complete(holdings)
            log.info("the catalogue is in the index")
