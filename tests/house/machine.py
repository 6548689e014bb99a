"""A machine on which the guide's commands are run: a scratch folder stands for /, and what would change this machine is
written down.

``madoguchi`` is the real program, in this process: to start it anew for each line would take a second each.
"""

import os
import pwd
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

import app
from library import clock
from models import database as connection
from scripts.check_tree import ROOT
from settings import config, instances

# other people's programs: that they are called is written down, and that the files of the library they are given exist
OTHERS = {
    "age", "certbot", "apt-get", "caddy", "chgrp", "chown", "createdb", "createuser", "curl", "df", "dig", "du", "git",
    "journalctl",
    "nginx", "psql", "rsync", "sha256sum", "ssh", "ssh-copy-id", "ssh-keygen",
    "sudoedit", "systemctl", "timedatectl", "useradd",
}  # fmt: skip
TOOLS = {"chmod", "cp", "install", "ln", "ls", "mkdir", "mv", "rm"}
FOLDERS_OF_DEBIAN = (
    "home",
    "etc/systemd/system",
    "etc/cron.d",
    "usr/local/bin",
    "usr/local/sbin",
    "var/lib/madoguchi",
    "var/backups",
    "opt",
)
FOLDERS = re.compile(r"(?<![\w.:/-])(?=/(?:etc|mnt|opt|srv|usr/local|var)/)")
PACKAGES = {"nginx": ["/etc/nginx/nginx.conf"], "caddy": ["/etc/caddy/Caddyfile"]}
OWNED = {"install": ("-o", "-g")}  # options that only root may give, each with a word


@dataclass(frozen=True)
class Line:
    """A command of the guide and what became of it. ``words``: without sudo, as typed."""

    text: str
    words: list[str]
    status: int = 0
    out: str = ""


class Machine:
    """``typed``: what a person answers, by the first words of a command."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch, typed: Mapping[str, str]) -> None:
        self.root, self.typed = root, typed
        self.lines: list[Line] = []
        self._create, self._made, self._made_of = app.create_app, None, None
        self.only_reads = False  # commands of ``madoguchi`` are understood, and not carried out
        self.open_terminal()
        self._patch = patch
        for folder in FOLDERS_OF_DEBIAN:
            (root / folder).mkdir(parents=True)
        patch.setenv("MADOGUCHI_ETC", str(root / "etc/madoguchi"))
        patch.setattr(instances, "DATA", root / "var/lib/madoguchi")
        me = pwd.getpwuid(os.getuid())
        patch.setattr(pwd, "getpwnam", lambda name: me)  # useradd
        for name in ("geteuid", "chown", "initgroups", "setgid", "setuid"):  # sudo
            patch.setattr(os, name, lambda *_: 0)
        for module in (config, instances):
            patch.setattr(module, "IS_INSTALLED", True)

    def open_terminal(self) -> None:
        """Be at home, and know no variables."""
        self.here, self.values = self.root / "home", {}

    def path(self, written: str) -> Path:
        """Return the place of a path of the guide."""
        return self.root / written.lstrip("/") if written.startswith("/") else self.here / written

    def write(self, path: str, text: str) -> None:
        """Write a file that the guide shows."""
        assert self.path(path).parent.is_dir(), f"no folder for {path}"
        self.path(path).write_text(FOLDERS.sub(str(self.root), text), encoding="utf-8")

    def run(self, text: str) -> Line:
        """Run a line as a shell would; what is unknown to the machine fails."""
        if assigned := re.fullmatch(r"(\w+)=(\S+)", text):
            self.values[assigned[1]] = assigned[2]
            return Line(text, [text])
        filled = re.sub(r"\$\(date \+([^)]+)\)", lambda found: clock.local(clock.now()).strftime(found[1]), text)
        filled = re.sub(r"\$(\w+)", lambda found: self.values[found[1]], filled)
        words = self._without_sudo(shlex.split(filled, comments=True))
        name = self._script(words[0]) if "/" in words[0] else words[0]
        rule = getattr(self, "run_" + re.sub("[-.]", "_", name), None)
        assert rule or name in OTHERS | TOOLS, f"who is {name}?"
        status, out = (rule or (self._tool if name in TOOLS else self._other))(words)
        self.lines.append(Line(text, words, status, out))
        return self.lines[-1]

    @staticmethod
    def _without_sudo(words: list[str]) -> list[str]:
        if words[0] != "sudo":
            return words
        return words[3:] if words[1] == "-u" else words[1:]

    def _there(self, words: list[str]) -> list[str]:
        return [FOLDERS.sub(str(self.root), word) if "://" not in word else word for word in words]

    def _require_files(self, words: list[str]) -> None:
        for word in words[1:]:
            if FOLDERS.match(word):
                assert self.path(word).exists(), f"{word} is not there"

    # -- programs ----------------------------------------------------------------------------------------------------
    def _other(self, words: list[str]) -> tuple[int, str]:
        self._require_files(words)
        return 0, ""

    def _tool(self, words: list[str]) -> tuple[int, str]:
        if self.only_reads:
            return 0, ""
        given, rest = [], iter(self._there(words))
        for word in rest:
            if word in OWNED.get(words[0], ()):
                next(rest)
            else:
                given.append(word)
        done = subprocess.run(given, cwd=self.here, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    def _script(self, word: str) -> str:
        file = self.path(word)
        assert os.access(file, os.X_OK), f"{word} is not there"
        return file.name

    def run_upgrade(self, words: list[str]) -> tuple[int, str]:
        return 0, ""

    run_rollback = run_uninstall = run_upgrade

    def run_tar(self, words: list[str]) -> tuple[int, str]:
        """Unpack a version: of its wheelhouse what is called from here."""
        folder = self.path(words[2].removesuffix(".tar"))
        folder.mkdir()
        (folder / "deploy").symlink_to(ROOT / "deploy")
        return 0, ""

    def run_cd(self, words: list[str]) -> tuple[int, str]:
        self.here = self.path(words[1])
        assert self.here.is_dir(), words[1]
        return 0, ""

    def run_apt_get(self, words: list[str]) -> tuple[int, str]:
        for file in (file for word in words for file in PACKAGES.get(word, ())):
            self.path(file).parent.mkdir(exist_ok=True)
            self.path(file).touch()
        return 0, ""

    def run_git(self, words: list[str]) -> tuple[int, str]:
        self.path(words[-1]).mkdir(exist_ok=True)
        shutil.copy(ROOT / "Makefile", self.path(words[-1]))
        return 0, ""

    def run_make(self, words: list[str]) -> tuple[int, str]:
        targets = (ROOT / ("Makefile" if (self.here / "Makefile").exists() else "scripts/make-wheelhouse")).read_text(
            encoding="utf-8"
        )
        assert re.search(rf"^{words[1]}:", targets, re.M), words[1]
        if words[1] == "wheelhouse":
            (self.here / "dist").mkdir(exist_ok=True)
            (self.here / f"dist/madoguchi-{config.VERSION}.tar").touch()
        if words[1] == "setup-server":
            self._lay_program(self.path(words[2].removeprefix("PREFIX=")))
        return 0, ""

    def _lay_program(self, prefix: Path) -> None:
        """Lay the program where ``make setup-server`` does, which tests of its own hold to it. A later version comes
        beside the first.
        """
        version = prefix / (self.here.name.removeprefix("madoguchi-") if "-" in self.here.name else config.VERSION)
        (version / "bin").mkdir(parents=True)
        (version / "bin/madoguchi").touch(0o755)
        (version / "deploy").symlink_to(ROOT / "deploy")
        if (prefix / "current").exists():
            return
        (prefix / "current").symlink_to(version.name)
        (self.root / "usr/local/bin/madoguchi").symlink_to(prefix / "current/bin/madoguchi")
        self.path("/etc/madoguchi").mkdir()
        for unit in [*ROOT.glob("deploy/*.service"), *ROOT.glob("deploy/*.timer")]:
            self.path(f"/etc/systemd/system/{unit.name}").write_bytes(unit.read_bytes())

    def run_systemctl(self, words: list[str]) -> tuple[int, str]:
        for word in words[1:]:
            if word.startswith(("madoguchi", "keep@")):
                unit, _, instance = re.sub(r"\.(service|timer)$", "", word).partition("@")
                kind = word.rpartition(".")[2] if "." in word else "service"
                file = f"/etc/systemd/system/{unit}{'@' if instance else ''}.{kind}"
                assert self.path(file).exists(), f"{file} is not there"
                library = f"/etc/madoguchi/{instance.partition('.')[0]}.toml"
                assert not instance or self.path(library).exists(), f"{library} is not there"
                if unit == "keep":
                    self.run_keep(["keep", instance])
        return 0, ""

    def run_keep(self, words: list[str]) -> tuple[int, str]:
        """Stand in for restic: what is kept lies as it is, for whoever knows the place and the password."""
        place, *given = words[1:]
        assert self.path(f"/etc/madoguchi/{place}.restic").exists(), f"no repository {place}"
        there = self.path("/var/backups/madoguchi") / place
        if not given:
            for file in (
                *self.path("/var/lib/madoguchi/suzukake").glob("backup/*"),
                *self.path("/etc").glob("*/*.toml"),
            ):
                (there / file.relative_to(self.root)).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, there / file.relative_to(self.root))
        elif given[0] == "init":
            there.mkdir(parents=True)
        else:
            assert given[:3] == ["restore", "latest", "--target"]
            shutil.copytree(there, self.path(given[3]), dirs_exist_ok=True)
        return 0, ""

    def _application(self, **given: object) -> Flask:
        """Make the application, or take the last one where nothing that it is made of has changed: it takes longer than
        most commands.
        """
        files = [*self.path("/etc/madoguchi").glob("*.toml"), *self.path("/var/lib/madoguchi").glob("*/secret-key")]
        made_of = (given, os.environ[instances.CHOSEN], {file: file.read_bytes() for file in files})
        if made_of != self._made_of:
            self._made_of, self._made = None, self._create(**given)
            self._made_of = made_of
        return self._made

    def run_madoguchi(self, words: list[str]) -> tuple[int, str]:
        answer = next((text for start, text in self.typed.items() if " ".join(words).startswith(start)), "")
        given = [*self._there(words[1:]), *(["--help"] if self.only_reads else [])]
        with self._patch.context() as patch, CliRunner().isolation(input=answer) as (*_, out):
            patch.setattr(sys, "argv", ["madoguchi", *given])
            patch.setenv("MADOGUCHI_INSTANCE", "")
            patch.setenv("MADOGUCHI_MAIL_SERVER", "")  # mails go to files
            patch.setattr(app, "create_app", self._application)
            patch.chdir(self.here)
            try:
                app.run_command()
                status = 0
            except SystemExit as ended:
                status = ended.code if isinstance(ended.code, int) else 1
            if connection.obj:
                connection.obj.close_all()
        return status, out.getvalue().decode()
