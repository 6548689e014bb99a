"""Wiring: ``create_app`` for the server, the commands and the tests; ``main`` for the one process that serves a library."""

import os
import signal

if __name__ == "__main__":  # to read the rest takes a second, in which nothing is begun that needs an end
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))

import logging
import secrets
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, current_app, g, request, session
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import blueprints
import cli
import config
import console
import jobs
import mail_templates
import mailer
import serving
from blueprints.site import front
from library import clock, dates, demonstration, policy
from library.catalog import spine
from library.catalog.search import index, snapshot
from library.mail import installation
from library.people import staff
from library.store import database, ownership
from models import database as connection
from web import access, errors, htmx, links, maintenance, static_files
from web.parts import cached_parts, line_breaks

log = logging.getLogger("madoguchi")
DEMONSTRATION = "--demonstration"
LARGEST_FORM = 128 * 1024  # ten thousand letters are refused on their page, and are still there
CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


@console.in_words
def create_app(**given) -> Flask:
    """The application on its database. Starts no thread; WrongSetting or Unusable when it can't be served."""
    settings = config.load(**given)
    instance = config.prepare_instance(settings)
    app = Flask(__name__, instance_path=str(instance))
    app.config.update(settings)
    secure = settings["PUBLIC_URL"].startswith("https://")
    app.config.update(
        SECRET_KEY=config.kept_token(instance / "secret-key"),
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_PARTS=200,
        WTF_CSRF_TIME_LIMIT=None,
    )
    clock.use(settings["TIMEZONE"])
    _open_database(app)
    if settings["TRUSTED_PROXIES"]:
        hops = settings["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    _log_requests(app)
    _protect(app)
    _set_up_templates(app)
    blueprints.register(app)
    errors.register(app)
    app.extensions["jobs"] = jobs
    app.extensions["mail_texts"] = mail_templates.Editor(app.config)
    cli.register(app)
    return app


def _open_database(app):
    database.open_database(app.config["DATABASE_URL"])

    @app.before_request
    def connect():
        if request.endpoint != "static":
            g.opened = not connection.is_closed() or connection.connect(reuse_if_open=True)

    @app.teardown_request
    def close(_):
        if g.pop("opened", None) and not app.testing:
            database.put_back()


def _protect(app):
    app.before_request(access.allow_file)
    csrf = CSRFProtect(app)
    csrf.exempt("blueprints.site.front.text_size")
    csrf.exempt("blueprints.site.mail.stop")
    access.manager.init_app(app, add_context_processor=False)
    app.before_request(access.keep_to_first_password)
    app.before_request(maintenance.refuse_to_write)

    headers = HEADERS | (
        {"Strict-Transport-Security": "max-age=31536000"} if app.config["SESSION_COOKIE_SECURE"] else {}
    )

    @app.after_request
    def set_headers(response):
        response.headers.update(headers)
        return response

    @app.after_request
    def stay_on_this_site(response):
        """The redirect to the slash at the end of an address names the host that was asked for, whatever that was."""
        if response.status_code == 308:
            address = urlsplit(response.location)
            response.location = urlunsplit(("", "", f"/{address.path.lstrip('/')}", address.query, ""))
        return response

    @app.after_request
    def say_what_may_be_kept(response):
        if "Cache-Control" not in response.headers and request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store" if _is_private(response) else "no-cache"
        return response


def _is_private(response):
    return (
        current_app.config["SESSION_COOKIE_NAME"] in request.cookies
        or session.modified
        or "Set-Cookie" in response.headers
    )


def _set_up_templates(app):
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=dates.with_weekday,
        short_day=lambda day: dates.with_weekday(day, year=False),
        moment=dates.moment,
        days_left=dates.days_left,
        keep_days=line_breaks.keep_days,
    )
    app.jinja_env.globals.update(
        asset=static_files.StaticFiles(app).address,
        cached=cached_parts.cached,
        cover_classes=spine.cover_classes,
        url_for=links.url_for,
    )

    @app.context_processor
    def facts_of_every_page():
        plain = g.get("plain", False)
        user = None if plain else current_user._get_current_object()
        locked = not plain and user.locked_to_first_password
        return {
            "layout": htmx.layout(plain=plain),
            "library_name": app.config["LIBRARY_NAME"],
            "maintenance": maintenance.words(),
            "library": {} if plain else policy.several("address", "phone", "demonstration"),
            "password_set": session.pop("password_set", None) if user and user.patron and not locked else None,
            "me": user if not plain and user.patron and not locked else None,
            "terminal": not plain and bool(user.session and user.session.terminal),
            "staff": user.staff if not plain and not locked else None,
            "locked_to_first_password": locked,
            "text_size": "m" if plain else front.chosen_text_size(user.patron),
            "here": access.here(),
        }


def _log_requests(app):
    """One line a request: what was asked by its rule, never by its address, which may hold a token or a search."""

    @app.before_request
    def begin():
        g.begun = time.perf_counter()

    @app.after_request
    def tell(response):
        if request.endpoint not in ("static", "site.healthz"):
            took = (time.perf_counter() - g.get("begun", time.perf_counter())) * 1000
            log.info(
                "request method=%s rule=%s status=%d ms=%.1f",
                request.method,
                request.url_rule,
                response.status_code,
                took,
            )
        return response


# -- the server ------------------------------------------------------------------------------------------------------
def main(arguments):
    """Serve the library of the instance folder; where there never was one, the demonstration if it is asked for."""
    serving.end_on_sigterm()
    if arguments not in ([], [DEMONSTRATION]):
        print(f"使い方: python app.py [{DEMONSTRATION}]", file=sys.stderr)
        sys.exit(2)
    os.umask(0o077)
    serving.share_one_heap()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns of every request that waits its turn
    print(config.where_it_looks(), file=sys.stderr, flush=True)
    try:
        app, server = _prepare(demonstrate=DEMONSTRATION in arguments)
    except (config.WrongSetting, database.Unusable) as problem:
        sys.exit(f"madoguchi: {problem}")
    except database.ENGINE_ERRORS as error:
        sys.exit(f"madoguchi: {database.damaged(error)}")
    except PermissionError as error:
        sys.exit(f"madoguchi: {ownership.refusal(Path(error.filename))}")
    scheduler = None
    try:
        _prepare_search()
        scheduler = jobs.start(app.config) if app.config["JOBS"] else None
        app.extensions["scheduler"] = scheduler
        server.run()
    finally:
        if scheduler:
            scheduler.stop()


def _prepare_search():
    """The arrays of a large catalogue are read before somebody waits for them; what an upgrade left unfound is put in."""
    snapshot.prepare()
    with connection.connection_context():
        complete = index.is_complete()
    if not complete:
        threading.Thread(target=_complete_index, name="catalogue index", daemon=True).start()


def _complete_index():
    with connection.connection_context():
        log.info("the catalogue is put into the index of the search")
        index.rebuild()
        log.info("the catalogue is in the index")


def _prepare(*, demonstrate):
    app = create_app()
    config.require_proxies(app.config)
    app.extensions["server_lock"] = lock = database.server_lock(Path(app.instance_path))
    if not lock.acquire():
        raise config.WrongSetting(f"{app.instance_path} では、すでに Madoguchi が動いています。")
    server = _listen(app)
    try:
        _make_ready(app, demonstrate)
    except BaseException:
        server.close()
        raise
    return app, server


def _make_ready(app, demonstrate):
    missing = database.is_missing(app.config["DATABASE_URL"])
    if missing:
        _first_start(app, demonstrate)
    with connection.connection_context():
        if not missing:
            _check()
        demonstration.name_library(app.config, config.SETTINGS["LIBRARY_NAME"].default)
        _refuse_unsafe_production(app)
        print(_greeting(app), flush=True)
        if not staff.is_anybody():
            _offer_setup(app)


def _offer_setup(app):
    """A library without staff makes its first account on a page, with a code that only who starts the server sees."""
    app.extensions["setup_code"] = code = secrets.token_hex(8)
    print(
        f"職員の登録がまだありません。{app.config['PUBLIC_URL']}/desk/setup で登録できます。コード: {code}",
        file=sys.stderr,
        flush=True,
    )


def _listen(app):
    host, port = app.config["HOST"], app.config["PORT"]
    try:
        return serving.listen(
            app,
            host=host,
            port=port,
            threads=app.config["THREADS"],
            connections=app.config["CONNECTIONS"],
            clear_untrusted_proxy_headers=not app.config["TRUSTED_PROXIES"],  # else ProxyFix has nothing to read
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise config.WrongSetting(
            f"{host}:{port} で待ち受けられません（{reason}）。ほかのプログラムが使っているときは MADOGUCHI_PORT で変えてください。"
        ) from error


def _first_start(app, demonstrate):
    """Make the demonstration. One that nobody asked for is refused, and so is one in place of a library that went missing."""
    id_file = Path(app.instance_path) / "installation-id"
    if id_file.exists():
        raise database.Unusable(
            f"データベース {app.config['DATABASE_URL']} がありません。控えから「.venv/bin/flask db restore」で戻してください"
            f"（はじめから作り直すときは {id_file} も消してください）。"
        )
    if not demonstrate or _is_started_by_systemd():
        raise database.Unusable(f"{config.no_library(app.config)}試すときは「python app.py {DEMONSTRATION}」です。")
    with database.founding(app.config["DATABASE_URL"]):
        demonstration.load(today=clock.today(), now=clock.now(), folder=Path(app.instance_path) / "ebooks")
        installation.adopt(config.kept_token(id_file))


def _is_started_by_systemd():
    """A service is nobody who tries; systemd tells the process that it starts its own number."""
    return os.environ.get("SYSTEMD_EXEC_PID") == str(os.getpid())


def _check():
    database.check_usable()
    if database.pending():
        raise database.Unusable(
            "データベースが古い版のままです。控えをとってから「.venv/bin/flask db upgrade」を実行してください。"
        )


def _refuse_unsafe_production(app):
    """A public address must not serve the demonstration, whose passwords everybody knows, unless that is meant."""
    if app.config["SESSION_COOKIE_SECURE"] and demonstration.is_loaded() and not app.config["ALLOW_DEMONSTRATION"]:
        raise config.WrongSetting(
            "PUBLIC_URL が https ですが、データベースはデモンストレーションのものです。"
            "公開するときは「flask init」で作り直すか、MADOGUCHI_ALLOW_DEMONSTRATION=1 を指定してください。"
        )


def _greeting(app):
    mail = mailer.server_of(app.config)
    mail_goes = (
        f"{mail}:{app.config['MAIL_PORT']}" if mail else f"{app.instance_path}/mail（送らずに .eml で書き出します）"
    )
    lines = [
        f"{app.config['LIBRARY_NAME']} を {app.config['PUBLIC_URL']}/ で公開しています。",
        f"メールの行き先: {mail_goes}",
    ]
    if demonstration.is_loaded():
        lines.append("デモンストレーション用のカードの番号とパスワード:")
        lines += [f"  {card}  {password}  {note}" for card, password, note in demonstration.DEMONSTRATION_CARDS]
        lines.append(f"デモンストレーション用の職員のログインIDとパスワード（{app.config['PUBLIC_URL']}/desk/）:")
        lines += [f"  {login}  {password}  {note}" for login, password, note in demonstration.DEMONSTRATION_STAFF]
    return "\n".join(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
