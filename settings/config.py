"""Settings: ``MADOGUCHI_*`` in the environment over the library's file (``instances``) over the defaults in
``SETTINGS``.
"""

import difflib
import os
import re
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from library import networks
from library.calendar import maintenance
from library.store import database, ownership
from settings import instances, settings_file
from settings.instances import FILE, IS_INSTALLED
from settings.settings_file import WrongSetting

VERSION = "1.0.0"
SERVE = "madoguchi serve" if IS_INSTALLED else "python app.py"


@dataclass(frozen=True)
class Setting:
    default: Any
    kind: type
    meaning: str


SETTINGS = {
    "INSTANCE": Setting("instance", str, "folder of the database, secret key, mail files and backups"),
    "HOST": Setting("127.0.0.1", str, "address to listen on"),
    "PORT": Setting(8000, int, "port to listen on, 1 to 65535"),
    "THREADS": Setting(4, int, "requests that are answered at a time, 1 to 64"),
    "PROCESSES": Setting(1, int, "processes that serve, 1 to 64, each with THREADS and CONNECTIONS; on SQLite one"),
    "CONNECTIONS": Setting(1000, int, "browsers that can be connected at a time, 10 to 100000; more wait"),
    "DATABASE_URL": Setting("", str, "empty: SQLite in INSTANCE"),
    "PUBLIC_URL": Setting("", str, "address that patrons use, as in mails; empty: http://HOST:PORT"),
    "TRUSTED_PROXIES": Setting(0, int, "number of reverse proxies in front whose X-Forwarded-* is believed"),
    "PROXY_ADDRESSES": Setting(
        "127.0.0.0/8 ::1/128 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7",
        str,
        "addresses and networks of these proxies; X-Forwarded-* from elsewhere is thrown away",
    ),
    "ALLOWED_HOSTS": Setting(
        "", str, "names by which it is served beside those of PUBLIC_URL, HOST and this machine; .example.jp: all below"
    ),
    "TIMEZONE": Setting("Asia/Tokyo", str, "zone in which days begin and end"),
    "LIBRARY_NAME": Setting("図書館", str, "name in the header, in titles and in mails, where /desk/library has none"),
    "MAIL_SERVER": Setting("", str, "SMTP server; empty: mails are written to INSTANCE/mail as .eml"),
    "MAIL_PORT": Setting(25, int, "its port"),
    "MAIL_USE_TLS": Setting(False, bool, "STARTTLS"),
    "MAIL_USE_SSL": Setting(False, bool, "TLS from the first byte"),
    "MAIL_CA_FILE": Setting(
        "", str, "PEM file of authorities whose certificates its server may have, besides the system's"
    ),
    "MAIL_USERNAME": Setting("", str, "name at the server; empty: none"),
    "MAIL_PASSWORD": Setting("", str, "password at the server"),
    "MAIL_SENDER": Setting("library@localhost", str, "From and envelope sender"),
    "MAIL_REPLY_TO": Setting("", str, "Reply-To; empty: none, and the mails say that they can't be answered"),
    "MAIL_TIMEOUT": Setting(
        30, int, "seconds to wait for the server to connect or answer (120 after the text), 1 to 600"
    ),
    "NOTICE_HOUR": Setting(8, int, "hour from which the scheduler queues the day's notices, 0 to 23"),
    "MAINTENANCE": Setting(
        "04:00-05:00", str, "hours of each day in which forms that write are refused, in TIMEZONE; empty: none"
    ),
    "JOBS": Setting(True, bool, "whether this process runs the scheduler"),
    "ADMIN_MAIL": Setting("", str, "address that is told what an administrator must know; empty: the log only"),
    "METRICS_ALLOW": Setting(
        "127.0.0.0/8 ::1/128", str, "addresses and networks that read /metrics and the numbers of /readyz; empty: none"
    ),
    "METRICS_TOKEN": Setting("", str, "what others send to read them, as Authorization: Bearer …; empty: nobody else"),
    "API_ALLOW": Setting(
        "127.0.0.1 ::1", str, "addresses and networks that may search and harvest as fast as they like; empty: none"
    ),
    "CROSS_SEARCH_URL": Setting(
        "", str, "address that searches other libraries, with {q} in place of the words; empty: no link"
    ),
    "COVERS_URL": Setting(
        "", str, "https address of the picture of a cover, with {isbn13}; empty: covers are drawn; needs COVERS_CREDIT"
    ),
    "COVERS_CREDIT": Setting("", str, "whose pictures these are, as the terms of their source ask for it"),
    "PUSH_HOSTS": Setting(
        "fcm.googleapis.com updates.push.services.mozilla.com *.push.apple.com *.notify.windows.com",
        str,
        "hosts of push services that notices to phones may go to; *. stands for all below; empty: no notices to phones",
    ),
    "LOG_FORMAT": Setting("text", str, "lines of the log: text or json"),
    "ALLOW_DEMONSTRATION": Setting(False, bool, "serve the demonstration library although PUBLIC_URL is https"),
    "DEVELOPMENT": Setting(
        False,
        bool,
        "as make run does: serve /styleguide, every part that pages are made of in every state, and keep the log in INSTANCE/log",
    ),
}
VARIABLE = "環境変数 MADOGUCHI_"
# MADOGUCHI_… of programs and tests, no settings
OTHER_VARIABLES = {"ETC", "HEALTHY_WITHIN", "MEMORY_KEY", "ROOT", "SOCKETS"}
_BOOLEANS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
    "": False,
}
LOOPBACK = ("localhost", "127.0.0.1")
_NAME_OF_HOST = re.compile(r"\.?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_LIMITS = {"PORT": (1, 65535), "THREADS": (1, 64), "PROCESSES": (1, 64), "CONNECTIONS": (10, 100_000),
    "MAIL_PORT": (1, 65535), "MAIL_TIMEOUT": (1, 600),
           "NOTICE_HOUR": (0, 23), "TRUSTED_PROXIES": (0, 10)}  # fmt: skip


def load(**given: object) -> dict[str, Any]:
    """Return all settings by name; ``given`` wins over environment and file. Raises: WrongSetting, which names what
    can't be.
    """
    file = (place := _place(given)).file
    settings = {name: setting.default for name, setting in SETTINGS.items()}
    written = settings_file.read(file)
    settings["MAPS"] = settings_file.checked_maps(written.pop("maps", {}), file, SETTINGS.__contains__)
    settings["HOLDINGS"] = settings_file.checked_holdings(written.pop("holdings", {}), file)
    settings |= _checked(written, lambda name: settings_file.found_at(file, name))
    settings |= _checked(_environment(), lambda _: VARIABLE)
    settings |= given
    settings["INSTANCE"] = str(place.folder)
    settings["PUBLIC_URL"] = settings["PUBLIC_URL"].rstrip("/") or f"http://{settings['HOST']}:{settings['PORT']}"
    settings["DATABASE_URL"] = settings["DATABASE_URL"] or str(place.folder / "madoguchi.sqlite3")
    _check_whole(settings)
    return settings


def folder() -> Path:
    """Return the instance folder. Raises: NotChosen."""
    return _place({}).folder


def file_that_is_read() -> str:
    """Return the file of settings for who starts the server, or that there is none."""
    file = _place({}).file
    return str(file) if os.path.isfile(file) else f"なし（{file} はありません）"


def become_owner(**given: object) -> None:
    """Have root take the place of the library's owner, before anything of his is opened. Raises: WrongSetting."""
    ownership.become_owner(_place(given).folder)


def _place(given: Mapping[str, object]) -> instances.Place:
    if named := given.get("INSTANCE"):
        folder = Path(str(named)).absolute()
        return instances.Place(folder, folder / FILE)
    return instances.choose()


def _environment() -> dict[str, str]:
    """Return the settings of the environment, those that there are not, too: a name that is mistyped would pass in
    silence.
    """
    names = (name.removeprefix("MADOGUCHI_") for name in os.environ if name.startswith("MADOGUCHI_"))
    return {name: os.environ[f"MADOGUCHI_{name}"] for name in names if name not in OTHER_VARIABLES}


def _at(settings: Mapping[str, Any], name: str) -> str:
    """Return the place where a setting is set, for a sentence in which its name comes next."""
    if f"MADOGUCHI_{name}" in os.environ:
        return VARIABLE
    with suppress(WrongSetting):
        return settings_file.found_at(instances.of_folder(Path(settings["INSTANCE"])).file, name)
    return ""


def _wrong(settings: Mapping[str, Any], name: str, reason: str, value: str = "") -> WrongSetting:
    """Return the refusal of a value, or of a part of it."""
    return WrongSetting(f"{_at(settings, name)}{name} の値「{value or settings[name]}」{reason}")


def _checked(values: dict[str, Any], where: Callable[[str], str]) -> dict[str, Any]:
    settings = {}
    for name, value in values.items():
        if name not in SETTINGS:
            near = difflib.get_close_matches(name.upper(), SETTINGS, 1)
            hint = f"（{near[0]} ではありませんか）" if near else ""
            raise WrongSetting(f"{where(name)}{name} という設定はありません{hint}。")
        settings[name] = _converted(name, value, where(name))
    return settings


def _converted(name: str, value: Any, where: str) -> Any:
    kind = SETTINGS[name].kind
    low, high = _LIMITS.get(name, (None, None))
    try:
        if kind is bool:
            return value if isinstance(value, bool) else _BOOLEANS[str(value).lower()]
        if isinstance(value, str | int) and not isinstance(value, bool):
            made = kind(value)
            if low is None or low <= made <= high:
                return made
    except (KeyError, ValueError):
        pass
    if kind is str:  # which may be a password
        raise WrongSetting(f'{where}{name} の値は、文字を "…" で囲んで書いてください。')
    asked = "true か false " if kind is bool else f"{low}から{high}までの数"
    raise WrongSetting(f"{where}{name} の値「{value}」は使えません。{asked}で書いてください。")


def _check_whole(settings: dict[str, Any]) -> None:
    try:
        ZoneInfo(settings["TIMEZONE"])
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise _wrong(settings, "TIMEZONE", "という時間帯はありません。") from error
    try:
        maintenance.parse(settings["MAINTENANCE"])
    except ValueError:
        raise _wrong(settings, "MAINTENANCE", "は 04:00-05:00 のように書いてください（ないときは空）。") from None
    for name in ("METRICS_ALLOW", "PROXY_ADDRESSES", "API_ALLOW"):
        _require_networks(settings, name)
    _require_search(settings)
    _require_covers(settings)
    if wrong := [name for name in settings["ALLOWED_HOSTS"].split() if not _NAME_OF_HOST.fullmatch(name)]:
        reason = "は library.example.jp のように、名前かアドレスだけを書いてください。"
        raise _wrong(settings, "ALLOWED_HOSTS", reason, wrong[0])
    pushers = settings["PUSH_HOSTS"].split()
    if wrong := [name for name in pushers if not _NAME_OF_HOST.fullmatch(name.removeprefix("*."))]:
        reason = "は push.example.jp か *.example.jp のように、名前だけを書いてください（使わないときは空）。"
        raise _wrong(settings, "PUSH_HOSTS", reason, wrong[0])
    if settings["LOG_FORMAT"] not in ("text", "json"):
        raise _wrong(settings, "LOG_FORMAT", "は text か json にしてください。")
    public = urlsplit(settings["PUBLIC_URL"])
    if public.scheme not in ("http", "https") or not public.hostname or public.path:
        raise _wrong(settings, "PUBLIC_URL", "は https://library.example.jp のように書いてください。")
    _check_mail(settings)


def _check_mail(settings: dict[str, Any]) -> None:
    if not re.fullmatch(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+", settings["MAIL_SENDER"]):
        raise _wrong(settings, "MAIL_SENDER", "はメールアドレスではありません。")
    if settings["MAIL_USE_TLS"] and settings["MAIL_USE_SSL"]:
        raise WrongSetting(
            f"{_at(settings, 'MAIL_USE_SSL')}MAIL_USE_SSL と MAIL_USE_TLS は、どちらか一方だけを選んでください。"
        )
    if file := settings["MAIL_CA_FILE"]:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=file)
        except OSError as error:
            reason = f"のファイル {file} を、証明書（PEM）として読めません（{error.strerror or error}）。"
            raise WrongSetting(f"{_at(settings, 'MAIL_CA_FILE')}MAIL_CA_FILE {reason}") from error


def _require_networks(settings: dict[str, Any], name: str) -> None:
    try:
        networks.parse(settings[name])
    except ValueError as error:
        reason = "は 127.0.0.1 10.0.0.0/8 のように、アドレスかネットワークを空白で区切って書いてください。"
        raise _wrong(settings, name, reason) from error


def _require_search(settings: dict[str, Any]) -> None:
    """Refuse an address that is no web page, or has not one place for the words behind the name of its server."""
    address = settings["CROSS_SEARCH_URL"]
    before, _, after = address.partition("{q}")
    place = urlsplit(before)
    is_place = place.scheme in ("http", "https") and place.hostname and (place.path or place.query or place.fragment)
    if address and ("{q}" not in address or not is_place or re.search(r"[{}\s\x00-\x1f]", before + after)):
        reason = (
            "は https://search.example.jp/?q={q} のように、検索語の場所を {q} として書いてください（ないときは空）。"
        )
        raise _wrong(settings, "CROSS_SEARCH_URL", reason)


def _require_covers(settings: dict[str, Any]) -> None:
    """Refuse an address that is not over TLS or has not one place for the ISBN behind the name of its server, and half
    of the two settings.
    """
    address, credit = settings["COVERS_URL"], settings["COVERS_CREDIT"]
    before, _, after = address.partition("{isbn13}")
    place = urlsplit(before)
    is_place = place.scheme == "https" and place.hostname and (place.path or place.query) and "@" not in place.netloc
    wrong = (
        "{isbn13}" not in address or not is_place or place.fragment or re.search(r"[{}#\s\x00-\x1f]", before + after)
    )
    if address and wrong:
        reason = "は https://covers.example.jp/{isbn13}.jpg のように、ISBN の場所を {isbn13} として書いてください（使わないときは空）。"
        raise _wrong(settings, "COVERS_URL", reason)
    if bool(address) != bool(credit.strip()):
        one, other = ("COVERS_URL", "COVERS_CREDIT") if address else ("COVERS_CREDIT", "COVERS_URL")
        raise WrongSetting(
            f"{_at(settings, one)}{one} と {other} は、両方を書くか、両方を空にしてください。COVERS_CREDIT は、画像とともに出す提供元の名前です。"
        )


def hosts(settings: dict[str, Any]) -> list[str]:
    """Return the names by which the library may be asked for, without ports: Flask's TRUSTED_HOSTS."""
    own = [urlsplit(settings["PUBLIC_URL"]).hostname, settings["HOST"], *LOOPBACK]
    return sorted({name.lower() for name in (*own, *settings["ALLOWED_HOSTS"].split()) if name})


def require_proxies(settings: dict[str, Any]) -> None:
    """Refuse to serve https without the number of proxies in front: all patrons would be one client. Commands need
    none.
    """
    if settings["PUBLIC_URL"].startswith("https://") and not settings["TRUSTED_PROXIES"]:
        raise WrongSetting(
            f"{_at(settings, 'PUBLIC_URL')}PUBLIC_URL が https ですが、TRUSTED_PROXIES が 0 です。前に置いたプロキシの数を書いてください。"
        )


def require_server(settings: dict[str, Any]) -> None:
    """Refuse to serve a file by several processes: it has one that writes at a time, and one that does the jobs.
    Commands need none.
    """
    if settings["PROCESSES"] > 1 and database.file_of(settings["DATABASE_URL"]):
        raise WrongSetting(
            f"{_at(settings, 'PROCESSES')}PROCESSES が {settings['PROCESSES']} ですが、データベースは SQLite です。1 にするか、PostgreSQL をお使いください（DATABASE_URL）。"
        )
