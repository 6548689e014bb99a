"""Opening a pack: a folder, a zip, an encrypted zip beside its key, or the .tar of both that a page gave."""

import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from library import errors
from library.files import age
from library.packs.checked import BLOCK
from library.packs.sources import Source
from library.packs.writing import KEY_FILE
from library.store import database

Ask = Callable[[], str]  # for the passphrase, where one is needed


@contextmanager
def opened(path: Path, ask: Ask, *, key: Path | None = None, room: Path) -> Iterator[Source]:
    """Open a pack. ``room``: a folder for what is decrypted meanwhile. Raises: PackUnknown, PackNewer, PackFileBroken, PackKeyMissing,
    PassphraseWrong, AgeNotOpened, OSError.
    """
    if path.is_dir():
        yield Source(lambda name: (path / name).open("rb"))
        return
    with TemporaryDirectory(prefix=".pack-", dir=room) as folder, TemporaryFile(dir=room) as decrypted:
        head = _head(path)
        if head[257:262] == b"ustar":
            path, key = _unpack(path, Path(folder))
            head = _head(path)
        if is_locked := head.startswith(b"age-encryption.org/"):
            age.decrypt_into(path, decrypted, _secret(key or path.with_name(KEY_FILE), ask))
        try:
            archive = zipfile.ZipFile(decrypted if is_locked else path)
        except zipfile.BadZipFile as error:
            raise errors.PackUnknown() from error
        with archive:
            yield Source(archive.open)


def _head(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(512)


def _unpack(path: Path, folder: Path) -> tuple[Path, Path]:
    """Take the pack and its key out of a .tar. Raises: PackUnknown."""
    places = []
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                name = KEY_FILE if member.name == KEY_FILE else "pack"
                inside = archive.extractfile(member)
                if inside is None or (folder / name).exists():
                    raise errors.PackUnknown()
                database.make_private(folder / name)
                with open(folder / name, "wb") as file:
                    while block := inside.read(BLOCK):
                        file.write(block)
                places.append(name)
    except (tarfile.TarError, EOFError) as error:
        raise errors.PackUnknown() from error
    if sorted(places) != sorted([KEY_FILE, "pack"]):
        raise errors.PackUnknown()
    return folder / "pack", folder / KEY_FILE


def _secret(key: Path, ask: Ask) -> str:
    """Return the secret key in a file: under the passphrase, or open, as ``age-keygen`` writes it. Raises: PackKeyMissing, PassphraseWrong."""
    try:
        locked = key.read_bytes()
    except FileNotFoundError:
        raise errors.PackKeyMissing(place=key) from None
    lies_open = re.search(rb"^AGE-SECRET-KEY-1[0-9A-Z]+$", locked, re.M)
    return lies_open[0].decode() if lies_open else age.unlock_key(locked, ask())
