"""Opening a pack: a folder, a zip, or an encrypted zip beside its key."""

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from library import errors
from library.files import age
from library.packs.sources import Source
from library.packs.writing import KEY_FILE

LONGEST_KEY = 10_000  # bytes
_ENCRYPTED = b"age-encryption.org/"  # the first bytes of a file of age
Ask = Callable[[], str]  # for the passphrase, where one is needed


@contextmanager
def opened(path: Path, ask: Ask, *, key: Path | None = None, room: Path) -> Iterator[Source]:
    """Open a pack; ``ask()`` returns the passphrase, ``room`` is a folder for decrypted files.

    Raises: PackUnknown, PackNewer, PackFileBroken, PackKeyMissing, PassphraseWrong, AgeNotOpened, OSError.
    """
    if path.is_dir():
        yield Source(lambda name: (path / name).open("rb"))
        return
    with path.open("rb") as file, TemporaryFile(dir=room) as decrypted:
        source, is_locked = file, file.read(len(_ENCRYPTED)) == _ENCRYPTED
        file.seek(0)
        if is_locked:
            age.decrypt_into(file, decrypted, _secret(_read_key(key or path.with_name(KEY_FILE)), ask))
            source = decrypted
        try:
            archive = zipfile.ZipFile(source)
        except zipfile.BadZipFile as error:
            raise errors.PackUnknown() from error
        with archive:
            yield Source(archive.open)


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
