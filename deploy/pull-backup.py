#!/usr/bin/env python3
"""Fetch the newest copy of a library to this machine, each night, and keep the newest 14. Python 3.9 or newer, its own
library alone.

    pull-backup.py https://library.example.jp DIR --token-file FILE [--ca FILE]

The copy is encrypted; the key that opens it is needed neither here nor on the server, and is best stored at neither. It
takes its place when its SHA-256 is right. A transfer that was cut goes on where it was cut, now or at the next run.
Ends with 0 where the newest copy is here, else 1 with a sentence.
"""

import argparse
import base64
import contextlib
import hashlib
import http.client
import os
import re
import shutil
import ssl
import stat
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import date, datetime, timedelta
from pathlib import Path

KEPT = 14
KEPT_DAYS = 30  # none is kept longer, once a newer one came
LATE_DAYS = 2  # since the day of the newest: the server makes none any more
WAITS = (10, 30, 60, 120, 300)  # seconds before each further try
SILENCE, LONGEST = 60, 6 * 3600  # seconds without a byte, and after which nothing is tried again
# bytes that are asked for at a time: a proxy may end an answer of minutes, and the server lays aside unread bytes
SLICE = 1 << 24
PART = 1 << 20  # bytes that are read at a time
FIRST_BYTES = b"age-encryption.org/v1\n"
COPY = re.compile(r"madoguchi-(\d{4}-\d\d-\d\d)\.sqlite3\.age")
UNFINISHED = re.compile(r"\.([0-9a-f]{64})\.part")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
NO_ADDRESS = "図書館のアドレスではありません。アドレスを確かめてください。"
WORDS = {
    401: "サーバーが断りました（401）。トークンが違うか、この機械のアドレスが登録されていません。サーバーの「操作の記録」を見てください。",
    404: "サーバーは控えを渡していません（404）。BACKUP_RECIPIENT がないか、まだ控えがありません。",
    507: "サーバーのディスクの空きがなく、控えを暗号にできません（507）。サーバーの「システムの状態」を見てください。",
    429: "続けて断られました（429）。1時間たってから、もう一度実行してください。",
}


class Refused(Exception):
    """There is no use in trying again now; the message says why."""


class Cut(Exception):
    """The transfer ended too early, or the server was busy."""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: the token is for one server."""

    def redirect_request(self, *_):
        return None


def main(arguments, wait=time.sleep):
    """Fetch, and return the status of the process."""
    options = read(arguments)
    try:
        folder = options.folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_owner(folder)
        opener, token = opener_for(options.url, options.ca), token_in(options.token_file)
        with held(folder):
            said = fetch(opener, options.url, token, folder, wait)
            remove_old(folder)
        print(said)
        return complain_of_age(folder)
    except (Refused, OSError) as problem:
        print(f"控えを受け取れませんでした。{problem}", file=sys.stderr)
        complain_of_age(folder)
        return 1


def read(arguments):
    parser = argparse.ArgumentParser(description="図書館のいちばん新しい控えを受け取り、新しい14個を残します。")
    parser.add_argument("url", metavar="URL", help="図書館のアドレス（https://library.example.jp）")
    parser.add_argument("folder", metavar="DIR", type=Path, help="控えを置くフォルダ")
    parser.add_argument(
        "--token-file", required=True, type=Path, metavar="FILE", help="トークンだけを書いたファイル（0600）"
    )
    parser.add_argument("--ca", metavar="FILE", help="証明書を発行した認証局の PEM（図書館が自分で作ったとき）")
    return parser.parse_args(arguments)


def token_in(path):
    """Return the token, which nobody else may read."""
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Refused(f"{path} をほかの人が読めます。「chmod 600 {path}」で直してください。")
    token = path.read_text(encoding="utf-8", errors="replace").strip()
    if not re.fullmatch(r"[\w-]+", token, re.ASCII):
        raise Refused(f"{path} に、トークンだけを1行で書いてください。")
    return token


def check_owner(folder):
    """Refuse a folder in which others may write: they would lay links there."""
    about = folder.stat()
    if os.name == "posix" and (about.st_uid != os.geteuid() or about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)):
        raise Refused(f"{folder} の持ち主が違うか、ほかの人が書けます。自分だけのフォルダを指定してください。")


def opener_for(url, ca):
    """Return the opener for requests to the server, which has to show its certificate unless it is this machine."""
    try:
        parts = urllib.parse.urlsplit(url)
        _ = parts.port  # which must be a number
    except ValueError:
        raise Refused(NO_ADDRESS) from None
    if not parts.hostname or not re.fullmatch(r"[!-~]+", url):
        raise Refused(NO_ADDRESS)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise Refused("アドレスは https:// で始めてください。")
    context = ssl.create_default_context(cafile=ca)
    if ca:  # made by hand: such a one says not all that RFC 5280 asks of an authority, which Python minds from 3.13 on
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return urllib.request.build_opener(NoRedirect, urllib.request.HTTPSHandler(context=context))


@contextlib.contextmanager
def held(folder):
    """Hold a folder for this process alone, where the system can."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    with open(folder / ".lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused("もう一つの pull-backup.py が動いています。") from None
        yield


# -- fetching
# ------------------------------------------------------------------------------------------------------------
def fetch(opener, url, token, folder, wait):
    """Ask until the newest copy is here, and return a sentence about it. Raises: Refused."""
    waits, until = iter(WAITS), time.monotonic() + LONGEST
    while True:
        try:
            if said := ask(opener, url, token, folder):
                return said
        except Cut as cut:
            seconds = next(waits, None)
            if seconds is None or time.monotonic() > until:
                raise Refused(
                    f"何度か試しましたが、最後まで届きません（{cut}）。次に実行したときに、続きから受け取ります。"
                ) from cut
            wait(seconds)


def ask(opener, url, token, folder):
    """Ask for the next slice; return a sentence once the copy is whole, else nothing. Raises: Cut, Refused."""
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    newest, part = newest_in(folder), unfinished(folder)
    if newest:
        headers["If-None-Match"] = f'"{sha256_of(newest)}"'
    begin = part.stat().st_size if part else 0
    headers["Range"] = f"bytes={begin}-{begin + SLICE - 1}"
    if part:
        headers["If-Range"] = f'"{UNFINISHED.fullmatch(part.name)[1]}"'
    address = f"{url.rstrip('/')}/backup/latest"
    request = urllib.request.Request(address, headers=headers)
    try:
        with opener.open(request, timeout=SILENCE) as answer:
            return receive(answer, folder)
    except urllib.error.HTTPError as error:
        with error:
            return judge(error, newest, part)
    except (urllib.error.URLError, http.client.HTTPException, ssl.SSLError, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLCertVerificationError):
            raise Refused(f"サーバーの証明書を確かめられません（{reason.verify_message}）。") from error
        raise Cut(str(reason) or type(reason).__name__) from error


def judge(error, newest, part):
    """Return the outcome of an answer without a copy. Raises: Cut, Refused."""
    if error.code == 304 and newest:
        return f"新しい控えはありません。いちばん新しいのは {newest.name} です。"
    if error.code == 416 and part:  # as long as the whole, and yet not right
        part.unlink()
        raise Cut("はじめから受け取り直します")
    if error.code >= 500 and error.code not in WORDS:
        raise Cut(f"サーバーの答えが {error.code} です")
    raise Refused(WORDS.get(error.code, f"サーバーの答えが {error.code} です。"))


def receive(answer, folder):
    """Write a slice behind what is here, and give the copy its place once it is whole. Raises: Cut, Refused."""
    sha256, name, size = announced(answer)
    part = folder / f".{sha256}.part"
    for other in folder.glob(".*.part"):
        if other != part:
            other.unlink()  # of one that is the newest no more
    begin = begin_of(answer)
    if begin and (not part.exists() or part.stat().st_size != begin):
        part.unlink(missing_ok=True)
        raise Cut("続きのはじまりが合いません")
    if shutil.disk_usage(folder).free < size - begin:
        raise Refused(f"{folder} の空きが足りません。")
    with open(part, "ab" if begin else "wb", opener=private) as file:
        while read := answer.read(PART):
            file.write(read)
            if file.tell() > size:
                raise Cut("長すぎます")
        file.flush()
        os.fsync(file.fileno())
    if part.stat().st_size == size:
        return put(part, folder / name, sha256)
    if part.stat().st_size - begin < SLICE:
        raise Cut("途中で切れました")
    return ""


def begin_of(answer):
    """Return the place of the first byte of an answer."""
    found = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    return int(found[1]) if answer.status == 206 and found else 0


def announced(answer):
    """Return the SHA-256, the name and the whole length of the copy, as the server tells them. Raises: Refused."""
    digest = re.search(r"sha-256=:([A-Za-z0-9+/]{43}=):", answer.headers.get("Repr-Digest", ""))
    name = answer.headers.get_filename() or ""
    whole = answer.headers.get("Content-Range", "").rpartition("/")[2] or answer.headers.get("Content-Length", "")
    if answer.status not in (200, 206) or not digest or not day_of(name) or not whole.isdigit():
        raise Refused("Madoguchi の控えの答えではありません。アドレスを確かめてください。")
    if day_of(name) > today() + timedelta(days=1):  # in another zone it may be tomorrow
        raise Refused(f"{name} は、先の日付の控えです。サーバーの時計を確かめてください。")
    return base64.b64decode(digest[1]).hex(), name, int(whole)


def put(part, target, sha256):
    """Give a file its place if it is what the server meant to send; else nothing is left of it. Raises: Cut."""
    with open(part, "rb") as file:
        is_age = file.read(len(FIRST_BYTES)) == FIRST_BYTES
    if sha256_of(part) != sha256 or not is_age:
        part.unlink()
        raise Cut("届いたものの SHA-256 が違います")
    os.replace(part, target)
    if os.name == "posix":
        descriptor = os.open(target.parent, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    return f"{target.name} を受け取りました（{target.stat().st_size:,} バイト）。"


# -- what is here
# --------------------------------------------------------------------------------------------------------
def copies_in(folder):
    """Return the copies, the newest day first."""
    return sorted((path for path in folder.iterdir() if day_of(path.name)), reverse=True)


def newest_in(folder):
    return next(iter(copies_in(folder)), None)


def unfinished(folder):
    """Return the part of a copy that was cut, with something in it."""
    parts = (path for path in folder.glob(".*.part") if UNFINISHED.fullmatch(path.name))
    return next((path for path in parts if path.stat().st_size), None)


def today():
    return datetime.now().astimezone().date()


def day_of(name):
    """Return the day of a copy; None for other names."""
    found = COPY.fullmatch(name)
    with contextlib.suppress(ValueError):
        return date.fromisoformat(found[1]) if found else None


def remove_old(folder):
    """Remove all but the newest, and what is older than the library promises; only ever after the
    server has answered.
    """
    for place, path in enumerate(copies_in(folder)):
        if place >= KEPT or (place and (today() - day_of(path.name)).days >= KEPT_DAYS):
            path.unlink()


def complain_of_age(folder):
    """Return the status by the age of the newest copy, with a sentence where it is too old."""
    newest = newest_in(folder) if folder.is_dir() else None
    if newest and (today() - day_of(newest.name)).days < LATE_DAYS:
        return 0
    print(
        f"いちばん新しい控えは {newest.name if newest else 'ありません'}。サーバーの「システムの状態」を見てください。",
        file=sys.stderr,
    )
    return 1


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while read := file.read(PART):
            digest.update(read)
    return digest.hexdigest()


def private(path, flags):
    """Open a file that its owner alone may read, whatever the umask is."""
    return os.open(path, flags, 0o600)


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main(sys.argv[1:]))
