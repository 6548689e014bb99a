"""age: files that only the owner of a key can open, and keys under a passphrase, in the format age-encryption.org/v1.

``age -d -i KEY FILE`` opens each without this program. The work is done in a process of its own (``age_process``).
"""

import json
import os
import secrets
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

from pyrage import x25519  # pyright: ignore[reportAttributeAccessIssue] (it comes without types)

from library import errors
from library.files import age_process

SHORTEST = 16  # characters of a passphrase
WORDS = 7  # of a drawn one: 81 bits
# the syllables of drawn words: no two are alike, and each has one spelling
_SYLLABLES = (
    "ka ki ku ke ko sa su se so ta te to na ni nu ne no ha hi he ho ma mi mu me mo ya yu yo ra ri ru re ro wa "
    "ga gi gu ge go za ze zo da de do ba bi bu be bo pa pi pu pe po"
).split()
_PROGRAM = Path(age_process.__file__)


class Key(NamedTuple):
    """A pair of age: the secret half opens files encrypted to the ``recipient`` (age1…)."""

    secret: str
    recipient: str


def new_key() -> Key:
    """Return a new pair."""
    made = x25519.Identity.generate()
    return Key(str(made), str(made.to_public()))


# -- passphrases -------------------------------------------------------------------------------------------------------
def drawn_words() -> str:
    """Return a random passphrase of seven words, in letters that every keyboard has: neko-sami-…"""
    return "-".join(secrets.choice(_SYLLABLES) + secrets.choice(_SYLLABLES) for _ in range(WORDS))


def require_passphrase(typed: str) -> str:
    """Return a passphrase in NFC without outer spaces. Raises: PassphraseShort, PassphraseTooEasy."""
    passphrase = _as_typed(typed)
    if len(passphrase) < SHORTEST:
        raise errors.PassphraseShort(shortest=SHORTEST)
    if len(set(passphrase)) < SHORTEST // 3:
        raise errors.PassphraseTooEasy()
    return passphrase


def lock_key(secret: str, passphrase: str) -> bytes:
    """Return a secret key encrypted under a passphrase (``key.age``); takes a second and 0.5 GB, as does each guess."""
    return _run("lock", content=f"{secret}\n", passphrase=_as_typed(passphrase))


def unlock_key(locked: bytes, passphrase: str) -> str:
    """Return the secret key in a file of ``lock_key``. Raises: PassphraseWrong."""
    try:
        return _run("unlock", content=locked.hex(), passphrase=_as_typed(passphrase)).decode().strip()
    except errors.AgeNotOpened:
        raise errors.PassphraseWrong() from None


def _as_typed(passphrase: str) -> str:
    return unicodedata.normalize("NFC", passphrase.strip())


# -- files -------------------------------------------------------------------------------------------------------------
def decrypt_into(source: IO[bytes], target: IO[bytes], secret: str) -> None:
    """Decrypt an open file, from its position on, into another; after a refusal the target is worthless.

    Raises: AgeNotOpened, AgeNotWritten, AgeFailed.
    """
    os.lseek(source.fileno(), source.tell(), os.SEEK_SET)  # where the process goes on, whatever was read ahead here
    _run("decrypt", source, target, secret=secret)


@contextmanager
def encrypting(target: Path, recipient: str) -> Iterator[IO[bytes]]:
    """Yield a stream whose bytes are encrypted into a new file, for its owner alone, and stand nowhere in clear.

    Raises: AgeNotWritten, AgeFailed, FileExistsError.
    """
    with _written(target) as writing:
        out_of, into = os.pipe()
        with open(out_of, "rb") as reading, open(into, "wb") as stream:
            process = _started("encrypt", reading, writing, recipient=recipient)
            reading.close()
            try:
                yield stream
                stream.close()
            except BrokenPipeError:
                pass  # its status says why
            except BaseException:
                process.kill()  # before it takes the end of the stream for the end of the file
                process.communicate()
                raise
            finally:
                with suppress(BrokenPipeError):
                    stream.close()
        _finished(process)


@contextmanager
def _written(target: Path) -> Iterator[IO[bytes]]:
    """Yield a new file for its owner only; it is removed if the block fails."""
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with open(descriptor, "wb") as file:
            yield file
            os.fsync(descriptor)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


# -- the process -------------------------------------------------------------------------------------------------------
def _started(task: str, *streams: IO[bytes], **given: str) -> subprocess.Popen[bytes]:
    """Return the started process; no secret stands in its arguments or environment."""
    numbers = [stream.fileno() for stream in streams]
    process = subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, "-P", str(_PROGRAM), *map(str, numbers)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=numbers,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps({"task": task, **given}).encode() + b"\n")
    process.stdin.flush()
    return process


def _finished(process: subprocess.Popen[bytes]) -> bytes:
    """Wait for the process and return its output. Raises: AgeNotOpened, AgeNotWritten, AgeFailed."""
    content, _ = process.communicate()
    refusals: dict[int, type[errors.Refused]] = {
        age_process.NOT_OPENED: errors.AgeNotOpened,
        age_process.NO_ROOM: errors.AgeNotWritten,
    }
    if process.returncode:
        raise refusals.get(process.returncode, errors.AgeFailed)()
    return content


def _run(task: str, *streams: IO[bytes], **given: Any) -> bytes:
    return _finished(_started(task, *streams, **given))
