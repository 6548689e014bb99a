"""Files that only the owner of a key opens."""

import os
import subprocess
from tempfile import TemporaryFile

import pytest

from library import errors
from library.files import age
from tests import programs

WORDS = "neko-sami-toru-haya-kumi-sote-mizu"


@pytest.fixture(scope="module")
def key():
    return age.new_key()


@pytest.fixture(scope="module")
def locked(key):
    return age.lock_key(key.secret, WORDS)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "library"
    path.write_bytes(os.urandom(300_000))
    return path


@pytest.fixture
def encrypted(file, key, tmp_path):
    with age.encrypting(tmp_path / "library.age", key.recipient) as stream:
        stream.write(file.read_bytes())
    return tmp_path / "library.age"


def opened(encrypted, secret):
    """The content of an encrypted file."""
    with TemporaryFile() as clear, open(encrypted, "rb") as source:
        age.decrypt_into(source, clear, secret)
        clear.seek(0)
        return clear.read()


def test_an_encrypted_file_comes_back_and_is_for_its_owner_alone(file, encrypted, key):
    assert encrypted.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert opened(encrypted, key.secret) == file.read_bytes()
    assert encrypted.stat().st_mode & 0o777 == 0o600


def test_a_stream_is_encrypted_as_it_comes(key, tmp_path):
    with age.encrypting(tmp_path / "stream.age", key.recipient) as stream:
        for number in range(50_000):
            stream.write(b"%d\r\n" % number)
    assert opened(tmp_path / "stream.age", key.secret) == b"".join(b"%d\r\n" % number for number in range(50_000))


def test_a_stream_that_breaks_off_leaves_nothing(key, tmp_path):
    with pytest.raises(ZeroDivisionError), age.encrypting(tmp_path / "stream.age", key.recipient) as stream:
        stream.write(b"x" * 200_000)
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("place", [30, 150_000, -1])
def test_a_changed_byte_is_refused(encrypted, key, place):
    content = bytearray(encrypted.read_bytes())
    content[place] ^= 1
    encrypted.write_bytes(content)
    with pytest.raises(errors.AgeNotOpened):
        opened(encrypted, key.secret)


@pytest.mark.parametrize("length", [0, 10, 100_000, -1])
def test_a_file_that_was_cut_off_is_refused(encrypted, key, length):
    encrypted.write_bytes(encrypted.read_bytes()[:length])
    with pytest.raises(errors.AgeNotOpened):
        opened(encrypted, key.secret)


def test_another_key_opens_nothing(encrypted):
    with pytest.raises(errors.AgeNotOpened):
        opened(encrypted, age.new_key().secret)
    with pytest.raises(errors.AgeNotOpened):
        opened(encrypted, "no key at all")


def test_a_file_that_is_there_is_never_written_over(encrypted, key):
    before = encrypted.read_bytes()
    with pytest.raises(FileExistsError), age.encrypting(encrypted, key.recipient):
        pass
    assert encrypted.read_bytes() == before


def test_a_full_disk_is_called_so(encrypted, key):
    with open("/dev/full", "wb") as full, open(encrypted, "rb") as file, pytest.raises(errors.AgeNotWritten):
        age.decrypt_into(file, full, key.secret)


# -- keys under a passphrase
# ---------------------------------------------------------------------------------------------
def test_a_key_comes_back_with_its_passphrase_alone(key, locked):
    assert key.secret.encode() not in locked
    assert age.unlock_key(locked, f" {WORDS} ") == key.secret
    with pytest.raises(errors.PassphraseWrong):
        age.unlock_key(locked, WORDS[:-1])
    with pytest.raises(errors.PassphraseWrong):
        age.unlock_key(b"nothing of the kind", WORDS)


def test_drawn_words_are_seven_and_never_the_same():
    drawn = {age.drawn_words() for _ in range(50)}
    assert len(drawn) == 50
    assert all(len(words.split("-")) == 7 and age.require_passphrase(words) == words for words in drawn)


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", errors.PassphraseShort(shortest=16)),
        ("   fifteen-letters", None),
        ("fifteen-letters  ", errors.PassphraseShort(shortest=16)),
        ("abababababababab", errors.PassphraseTooEasy()),
    ],
)
def test_a_passphrase_has_sixteen_characters(typed, refusal):
    if refusal is None:
        typed += "!"
        assert age.require_passphrase(typed) == typed.strip()
    else:
        with pytest.raises(type(refusal)) as raised:
            age.require_passphrase(typed)
        assert raised.value == refusal


@programs.need("age")
def test_the_program_age_opens_our_files_and_we_open_its(file, encrypted, key, tmp_path):
    (tmp_path / "key.txt").write_text(f"{key.secret}\n")
    theirs = subprocess.run(["age", "-d", "-i", tmp_path / "key.txt", encrypted], capture_output=True, check=True)
    assert theirs.stdout == file.read_bytes()
    theirs = tmp_path / "theirs.age"
    subprocess.run(["age", "-r", key.recipient, "-o", theirs, file], check=True)
    assert opened(theirs, key.secret) == file.read_bytes()
