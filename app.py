"""Wiring: ``create_app`` for the server, the commands and the tests; ``main`` for the one process that serves a
library.
"""

import gc
import os
import signal

if __name__ == "__main__":  # the imports below take a second; until they are done, SIGTERM may end it at once
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    gc.disable()  # what a start makes stays; web_server.spare_what_stays enables it

import sys
from pathlib import Path

import click
from flask import Flask
from flask_wtf.csrf import CSRFProtect

import blueprints
import cli
from library import clock, dates, networks
from library.catalog import spine
from library.catalog.search import snapshot
from library.store import database
from sending import mail_templates, mail_texts, mailer
from server import console, jobs, startup
from settings import config, folders, instances
from web import access, cookies, errors, headers, maintenance, requests, static_files
from web.machines import limits, sharing
from web.parts import language, line_breaks, page_facts

DEMONSTRATION = "--demonstration"
LARGEST_FORM = 128 * 1024  # bytes: ten thousand letters still reach their form, which refuses them and shows them again


@console.in_words
def create_app(**given: object) -> Flask:
    """Return the application on its database. Starts no thread. Raises: WrongSetting, Unusable."""
    config.become_owner(**given)
    settings = config.load(**given)
    key = folders.key(settings)
    app = Flask(__name__, instance_path=settings["INSTANCE"])
    app.config.update(settings)
    app.session_interface = cookies.SignedSessions()
    secure = settings["PUBLIC_URL"].startswith("https://")
    app.config.update(
        PROGRAM=instances.PROGRAM,
        VERSION=config.VERSION,
        TRUSTED_HOSTS=config.hosts(settings),
        SECRET_KEY=key,
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_PARTS=200,
        WTF_CSRF_TIME_LIMIT=None,
    )
    clock.set_zone(settings["TIMEZONE"])
    database.open_database(settings["DATABASE_URL"])
    snapshot.keep_in(Path(app.instance_path) / "search.arrays")
    proxies = networks.parse(settings["PROXY_ADDRESSES"])
    app.wsgi_app = requests.BehindProxies(app.wsgi_app, settings["TRUSTED_PROXIES"], proxies)
    requests.register(app)
    limits.register(app)
    _protect(app)
    _set_up_templates(app)
    blueprints.register(app)
    errors.register(app)
    mailer.mail.init_app(app)
    app.extensions["jobs"] = jobs
    app.extensions["mail_texts"] = mail_templates.Editor(app.config)
    app.extensions["letters"] = mail_texts.Texts
    for command in cli.commands():
        app.cli.add_command(command)
    return app


def _protect(app: Flask) -> None:
    app.before_request(access.allow_file)
    app.before_request(maintenance.refuse_files)
    csrf = CSRFProtect(app)
    for choice in ("text_size", "choose_language", "choose_furigana"):  # change what this browser shows, nothing else
        csrf.exempt(f"blueprints.site.front.{choice}")
    csrf.exempt("blueprints.exchange.oai.answer_posted")  # reads, as its GET does
    csrf.exempt("blueprints.site.mail.stop")  # the signed link in the mail is the proof; mail programs post it
    access.manager.init_app(app, add_context_processor=False)
    app.before_request(access.keep_to_first_password)
    app.before_request(maintenance.refuse_public)
    app.before_request(maintenance.refuse_to_write)
    app.before_request(access.drop_parked_form)
    sharing.register(app)  # after the headers, which it changes: what is registered first is called last
    headers.register(app)


def _set_up_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=lambda day: language.current().day(dates.with_weekday(day)),
        short_day=lambda day: language.current().day(dates.with_weekday(day, year=False)),
        moment=lambda instant: language.current().day(dates.moment(instant)),
        days_left=lambda due, today: language.say(dates.days_left(due, today)),
        keep_days=line_breaks.keep_days,
    )
    app.jinja_env.globals.update(
        asset=static_files.StaticFiles(app).address,
        cover_classes=spine.cover_classes,
    )
    language.register(app)
    app.context_processor(page_facts.read)


def main(arguments: list[str]) -> None:
    """Serve the library of the instance folder; where there never was one, the demonstration if it is asked for."""
    if arguments not in ([], [DEMONSTRATION]):
        print(f"使い方: python app.py [{DEMONSTRATION}]", file=sys.stderr)
        sys.exit(2)
    startup.run(create_app, demonstrate=DEMONSTRATION in arguments)


@click.command("serve", cls=console.BareCommand, short_help="図書館を公開します")
@click.option(DEMONSTRATION, "demonstrate", is_flag=True, help="図書館がまだないときに、架空の図書館を作ります")
def serve(demonstrate: bool) -> None:
    """図書館のフォルダの図書館を公開します。図書館がいくつかあるときは、--instance で指定します。"""
    startup.run(create_app, demonstrate=demonstrate)


def run_command() -> None:
    """Run what stands behind ``madoguchi`` on the command line: ``serve``, or a command of ``cli``."""
    console.run(create_app, [serve, *cli.commands()])


if __name__ == "__main__":
    main(sys.argv[1:])
