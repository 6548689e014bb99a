"""From one version of the program to another on a server, and back: what ``upgrade`` and ``rollback`` do.

All libraries of /etc/madoguchi go together, as one link (PREFIX/current) says which version runs. What has been done is
written into PREFIX/upgrade.json before the next thing is begun: killed anywhere, the same command goes on from there.
It runs on the system's Python, as root, and needs nothing besides.
"""

import argparse
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import tomllib
import urllib.request
from contextlib import closing
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from typing import NoReturn

ETC = Path(os.environ.get("MADOGUCHI_ETC") or "/etc/madoguchi")
HEALTHY_WITHIN = float(os.environ.get("MADOGUCHI_HEALTHY_WITHIN") or 60)  # seconds
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")  # of a library (settings/instances.py)
UNDER_WAY, LAST = "upgrade.json", "last-upgrade.json"
COUNTED = {"loan": "貸出", "hold": "予約", "patron": "利用者", "item": "資料", "title": "書誌", "audit": "操作の記録"}


class Failed(Exception):
    """A step failed; the message says which."""


def main(way: str) -> None:
    """Run ``upgrade X.Y.Z`` or ``rollback``; what is under way is finished first."""
    parser = argparse.ArgumentParser(prog=way, description=__doc__.partition("\n")[0])
    parser.add_argument("--prefix", type=Path, default=Path("/opt/madoguchi"), help="folder of the versions")
    if way == "upgrade":
        parser.add_argument("version", metavar="X.Y.Z")
    else:
        parser.add_argument("--yes", action="store_true", help="ask nothing")
    given = parser.parse_args()
    if os.geteuid() != 0:
        end(f"「sudo」を付けて実行してください: sudo {sys.argv[0]}")
    try:
        upgrade(given.prefix, given.version) if way == "upgrade" else rollback(given.prefix, sure=given.yes)
    except Failed as problem:
        end(str(problem))
    except EOFError:  # nobody answered
        end("何も変更していません。")


def say(words: str) -> None:
    print(f"madoguchi: {words}", flush=True)


def end(words: str) -> NoReturn:
    print(f"madoguchi: {words}", file=sys.stderr, flush=True)
    sys.exit(1)


# -- forward ---------------------------------------------------------------------------------------------------------
def upgrade(prefix: Path, version: str) -> None:
    """Bring every library to this version, or all back to the one before. Raises: Failed."""
    state = read(prefix / UNDER_WAY)
    if state and state["way"] == "forward" and state["to"] != version:
        raise Failed(
            f"{state['to']} への版上げが途中です。「upgrade {state['to']}」か「rollback」で先に終わらせてください。"
        )
    if state and state["way"] == "back":
        say(f"途中だった {state['from']} への戻しを続けます。")
        go_back(prefix, state)
        return
    if not state:
        state = begin(prefix, version)
    try:
        go_forward(prefix, state)
    except Failed as problem:
        say(f"{problem} {state['from']} に戻します。")
        go_back(prefix, state)
        raise Failed(f"{version} には上げられませんでした。{state['from']} に戻しました。") from problem
    (prefix / UNDER_WAY).replace(prefix / LAST)
    say(f"{version} に上げました。戻すときは: sudo {prefix}/current/deploy/rollback")


def begin(prefix: Path, version: str) -> dict:
    """Install the version beside the one that runs, and write down which libraries are to go with it."""
    former = current(prefix)
    if former == version:
        raise Failed(f"{version} は、もう動いている版です。")
    say(f"1/6 {version} を {prefix / version} に入れます（いまの {former} は動いたままです）")
    if not (prefix / version / "complete").exists():
        wheelhouse = Path(__file__).resolve().parent.parent
        if not (wheelhouse / "SHA256SUMS").exists() or (wheelhouse / "VERSION").read_text().strip() != version:
            raise Failed(
                f"{version} のファイルがありません。madoguchi-{version}.tar を展開し、その中の deploy/upgrade を使ってください。"
            )
        run([wheelhouse / "deploy" / "setup-server", "--beside", prefix], "新しい版を入れられませんでした。")
    state = {"way": "forward", "from": former, "to": version, "libraries": libraries(), "served": False}
    write(prefix / UNDER_WAY, state)
    return state


def go_forward(prefix: Path, state: dict) -> None:
    old, new = (prefix / state[which] / "bin" / "madoguchi" for which in ("from", "to"))
    say("2/6 サービスを止めます")
    for library in state["libraries"]:
        stop(library)
    say("3/6 控えを作ります")
    state.setdefault("at", datetime.now().astimezone().isoformat(timespec="seconds"))
    for library in state["libraries"]:
        if not library.get("copy"):
            back_up(old, library, state["to"])
            write(prefix / UNDER_WAY, state)
    say("4/6 データベースを新しい版にします")
    for library in state["libraries"]:
        library["changed"] = True
    write(prefix / UNDER_WAY, state)
    for library in state["libraries"]:
        run([new, "--instance", library["name"], "db", "upgrade"], f"{library['name']} の db upgrade が失敗しました。")
    say(f"5/6 {state['to']} に切り替えます")
    switch(prefix, state["to"])
    say("6/6 サービスを始めて、答えを待ちます")
    state["served"] = True
    write(prefix / UNDER_WAY, state)
    serve(state["libraries"])


def back_up(program: Path, library: dict, version: str) -> None:
    """Copy the database with the program that runs, beside the nightly copies, with which it goes after their time."""
    as_owner(library, "make_folder", f"{library['folder']}/backup")
    copy = (
        Path(library["folder"], "backup") / f"madoguchi-{datetime.now().astimezone():%Y-%m-%d}-before-{version}.sqlite3"
    )
    run([program, "--instance", library["name"], "db", "backup", copy], f"{library['name']} の控えを作れませんでした。")
    library["copy"] = str(copy)


# -- back ------------------------------------------------------------------------------------------------------------
def rollback(prefix: Path, *, sure: bool) -> None:
    """Go back to the version before, after saying what that loses. Raises: Failed."""
    state = read(prefix / UNDER_WAY) or read(prefix / LAST)
    if not state:
        raise Failed("戻せる版がありません（版上げの記録がありません）。")
    if state["way"] == "forward":
        say(f"{state['to']} から {state['from']} に戻します。データベースは、上げる前の控えに戻します。")
        for library in state["libraries"]:
            tell_losses(library, state.get("at", ""))
        if not sure and input(f"戻してよければ、{state['from']} と入力してください: ").strip() != state["from"]:
            raise Failed("何も変更していません。")
    go_back(prefix, state)


def go_back(prefix: Path, state: dict) -> None:
    """Put back databases that were changed, and the version before, and serve."""
    state["way"] = "back"
    write(prefix / UNDER_WAY, state)
    for library in state["libraries"]:
        stop(library)
    for library in state["libraries"]:
        if library.get("changed"):
            put_back(prefix / state["from"] / "bin" / "madoguchi", library, served=state["served"])
            library["changed"] = False
            write(prefix / UNDER_WAY, state)
    switch(prefix, state["from"])
    serve(state["libraries"])
    if read(prefix / LAST).get("to") == state["to"]:
        (prefix / LAST).unlink()
    (prefix / UNDER_WAY).unlink()
    say(f"{state['from']} が動いています。")
    if state["served"]:
        say("メールは止めてあります。再開するには: sudo madoguchi --instance NAME outbox release")


def put_back(program: Path, library: dict, *, served: bool) -> None:
    """Put the copy in place of a database; its mails wait if the new version has served from it."""
    if served or not library["database"]:
        run(
            [program, "--instance", library["name"], "db", "restore", library["copy"], "--yes"],
            f"{library['name']} を控えから戻せませんでした。上の文のとおりにしてから、同じコマンドをもう一度実行してください。",
        )
        return
    told = as_owner(library, "replace", library["database"], library["copy"])
    if told.returncode:
        say(told.stderr.strip().rpartition("\n")[2])
        raise Failed(f"{library['name']} を控え {library['copy']} から戻せませんでした。")


def replace(database: str, copy: str) -> None:
    """Put the copy in place of a database, byte for byte."""
    draft = Path(database).with_name(f".{Path(database).name}.back")
    draft.unlink(missing_ok=True)
    with open(copy, "rb") as source, open(draft, "xb") as target:
        draft.chmod(0o600)
        shutil.copyfileobj(source, target)
        target.flush()
        os.fsync(target.fileno())
    for side in ("-wal", "-shm"):  # of what goes
        Path(f"{database}{side}").unlink(missing_ok=True)
    draft.replace(database)


def tell_losses(library: dict, since: str) -> None:
    """Say how much has been written since the copy was made."""
    name, copy, database = library["name"], library.get("copy"), library["database"]
    if not library.get("changed") or not copy:
        say(f"{name}: なくなるものはありません。")
        return
    told = as_owner(library, "count", database, copy) if database else None
    if told is None or told.returncode:  # on a server, or no longer readable
        say(f"{name}: {since} のあとに書いたものは、すべてなくなります。")
        return
    counts = json.loads(told.stdout)
    words = "、".join(f"{COUNTED[table]} {number:,}" for table, number in counts.items() if number)
    say(
        f"{name}: {since} のあとの、新しい {words or '記録 0'} がなくなります。その間の返却、延長、変更も元に戻ります。"
    )


def as_owner(library: dict, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a function of this file in a process of the owner's: in his folder root would follow links of whoever broke
    into the service, and what SQLite lays beside a file must not be root's.
    """
    owner = Path(library["folder"]).stat()
    program = Path(__file__).read_text(encoding="utf-8")  # he may not enter its folder
    return subprocess.run(
        [sys.executable, "-I", "-c", program, *words],
        user=owner.st_uid, group=owner.st_gid, extra_groups=[], cwd="/", capture_output=True, text=True, check=False,
    )  # fmt: skip


def count(database: str, copy: str) -> dict[str, int]:
    """Return the number of rows of each table that the database has and the copy has not."""
    found = {}
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as now:
        now.execute("ATTACH ? AS copy", (f"file:{copy}?mode=ro",))
        for table in COUNTED:
            query = f'SELECT count(*) FROM main."{table}" WHERE id > (SELECT coalesce(max(id), 0) FROM copy."{table}")'
            found[table] = now.execute(query).fetchone()[0]
    return found


# -- what there is ---------------------------------------------------------------------------------------------------
def libraries() -> list[dict]:
    """Return the libraries of this machine, and which of them are served. Raises: Failed."""
    found = []
    for file in filter(lambda file: NAME.fullmatch(file.stem), sorted(ETC.glob("*.toml"))):
        try:
            settings = tomllib.loads(file.read_text(encoding="utf-8"))
            folder, address = settings["INSTANCE"], settings.get("DATABASE_URL", "")
        except (ValueError, KeyError) as error:
            raise Failed(f"{file} を読めません（{error}）。直してから、もう一度実行してください。") from error
        database = address.removeprefix("sqlite:///") or f"{folder}/madoguchi.sqlite3"
        found.append(
            {
                "name": file.stem,
                "folder": folder,
                "database": "" if "://" in database else database,
                "address": f"http://{_reached(settings.get('HOST', ''))}:{settings.get('PORT', 8000)}/healthz",
                "active": subprocess.run(["systemctl", "is-active", "--quiet", _unit(file.stem)],
                check=False).returncode == 0,
            }
        )  # fmt: skip
    return found


def _reached(host: str) -> str:
    return "127.0.0.1" if host in ("", "0.0.0.0", "::") else host


def _unit(name: str) -> str:
    return f"madoguchi@{name}"


def current(prefix: Path) -> str:
    """Return the version that runs. Raises: Failed."""
    try:
        return os.readlink(prefix / "current")
    except OSError as error:
        raise Failed(f"{prefix}/current がありません。はじめは deploy/setup-server で入れてください。") from error


def read(file: Path) -> dict:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def write(file: Path, state: dict) -> None:
    """Write it down, whole and on the disk, before the next step."""
    draft = file.with_suffix(".new")
    with draft.open("w", encoding="utf-8") as opened:
        json.dump(state, opened, ensure_ascii=False, indent=1)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)


# -- what is done ----------------------------------------------------------------------------------------------------
def run(words: list, problem: str) -> None:
    """Run a command. Raises: Failed."""
    if subprocess.run([str(word) for word in words], cwd="/", check=False).returncode:
        raise Failed(problem)


def stop(library: dict) -> None:
    if library["active"]:
        run(["systemctl", "stop", _unit(library["name"])], f"{_unit(library['name'])} を止められませんでした。")


def switch(prefix: Path, version: str) -> None:
    """Lead the link to this version at once: there is no moment without one."""
    draft = prefix / "current.new"
    draft.unlink(missing_ok=True)
    draft.symlink_to(version)
    draft.replace(prefix / "current")


def serve(libraries: list[dict]) -> None:
    """Start what was served before, and wait until each answers. Raises: Failed."""
    for library in libraries:
        if library["active"]:
            unit = _unit(library["name"])
            # systemd counts starts, and refuses the sixth within five minutes
            subprocess.run(["systemctl", "reset-failed", unit], check=False, stderr=subprocess.DEVNULL)
            run(["systemctl", "start", unit], f"{unit} を始められませんでした。")
    until = time.monotonic() + HEALTHY_WITHIN
    for library in libraries:
        while library["active"] and not is_healthy(library["address"]):
            if time.monotonic() > until:
                raise Failed(
                    f"{library['name']} が {HEALTHY_WITHIN:.0f} 秒たっても {library['address']} に答えません。"
                )
            time.sleep(0.2)


def is_healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status == 200
    except (OSError, HTTPException):  # nothing, or something else, answers there
        return False


if __name__ == "__main__":
    functions = {"count": count, "make_folder": lambda path: os.mkdir(path, 0o700), "replace": replace}
    print(json.dumps(functions[sys.argv[1]](*sys.argv[2:])))
