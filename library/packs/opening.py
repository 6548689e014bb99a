"""Opening a pack: a folder, a zip, an encrypted zip beside its key, or the .tar of both from before 1.0.0."""

import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from library import errors
from library.files import age
from library.packs.checked import BLOCK
from library.packs.sources import Source
from library.packs.writing import KEY_FILE

LONGEST_KEY = 10_000  # bytes
Ask = Callable[[], str]  # for the passphrase, where one is needed


@contextmanager
def opened(path: Path, ask: Ask, *, key: Path | None = None, room: Path) -> Iterator[Source]:
    """Open a pack; ``ask()`` returns the passphrase, ``room`` is a folder for decrypted files.

    Raises: PackUnknown, PackNewer, PackFileBroken, PackKeyMissing, PassphraseWrong, AgeNotOpened, OSError.
    """
    if path.is_dir():
        yield Source(lambda name: (path / name).open("rb"))
        return
    with path.open("rb") as file, TemporaryFile(dir=room) as packed, TemporaryFile(dir=room) as decrypted:
        source, locked = file, b""
        if _head(file)[257:262] == b"ustar":
            source, locked = packed, _unpack(file, packed)
        if _head(source).startswith(b"age-encryption.org/"):
            locked = locked or _read_key(key or path.with_name(KEY_FILE))
            age.decrypt_into(source, decrypted, _secret(locked, ask))
            source = decrypted
        try:
            archive = zipfile.ZipFile(source)
        except zipfile.BadZipFile as error:
            raise errors.PackUnknown() from error
        with archive:
            yield Source(archive.open)


def _head(file: IO[bytes]) -> bytes:
    file.seek(0)
    head = file.read(512)
    file.seek(0)
    return head


def _unpack(file: IO[bytes], packed: IO[bytes]) -> bytes:
    """Write the pack in a .tar into a file, and return its key. Raises: PackUnknown."""
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=file) as archive:
            for member in archive:
                inside = archive.extractfile(member)
                name = KEY_FILE if member.name == KEY_FILE else "pack"
                if inside is None or name in found:
                    raise errors.PackUnknown()
                found[name] = inside.read(LONGEST_KEY) if name == KEY_FILE else b""
                while name == "pack" and (block := inside.read(BLOCK)):
                    packed.write(block)
    except (tarfile.TarError, EOFError) as error:
        raise errors.PackUnknown() from error
    packed.flush()
    if found.keys() != {KEY_FILE, "pack"}:
        raise errors.PackUnknown()
    return found[KEY_FILE]


def _read_key(place: Path) -> bytes:
    """Return the content of a key file. Raises: PackKeyMissing."""
    try:
        with place.open("rb") as file:
            return file.read(LONGEST_KEY)
    except FileNotFoundError:
        raise errors.PackKeyMissing(place=place) from None


def _secret(locked: bytes, ask: Ask) -> str:
    """Return the secret key, decrypted with the passphrase unless in clear, as of ``age-keygen``. Raises:
    PassphraseWrong.
    """
    lies_open = re.search(rb"^AGE-SECRET-KEY-1[0-9A-Z]+$", locked, re.M)
    return lies_open[0].decode() if lies_open else age.unlock_key(locked, ask())
