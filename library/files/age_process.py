"""The process in which ``age`` works, run as a script: its end frees the 0.5 GB that scrypt takes for a second.

Standard input has one line: {"task", "recipient", "secret", "passphrase", "content"}. Files are inherited, their
numbers are the arguments; keys go by standard input and output. The exit status is one of those below.
"""

# pyright: reportAttributeAccessIssue=false
# (pyrage comes without types)
import json
import sys
from io import FileIO
from typing import Any

import pyrage
from pyrage import passphrase, x25519

DONE, FAILED, NOT_OPENED, NO_ROOM = 0, 1, 3, 4


def _encrypt(given: dict[str, Any]) -> None:
    recipient = x25519.Recipient.from_str(given["recipient"])
    with FileIO(int(sys.argv[1]), "rb") as source, FileIO(int(sys.argv[2]), "wb") as target:
        pyrage.encrypt_io(source, target, [recipient])


def _decrypt(given: dict[str, Any]) -> None:
    identity = x25519.Identity.from_str(given["secret"])
    with FileIO(int(sys.argv[1]), "rb") as source, FileIO(int(sys.argv[2]), "wb") as target:
        pyrage.decrypt_io(source, target, [identity])


def _lock(given: dict[str, Any]) -> None:
    sys.stdout.buffer.write(passphrase.encrypt(given["content"].encode(), given["passphrase"]))


def _unlock(given: dict[str, Any]) -> None:
    sys.stdout.buffer.write(passphrase.decrypt(bytes.fromhex(given["content"]), given["passphrase"]))


TASKS = {"encrypt": _encrypt, "decrypt": _decrypt, "lock": _lock, "unlock": _unlock}


def main() -> int:
    given = json.loads(sys.stdin.readline())
    try:
        TASKS[given["task"]](given)
    except (pyrage.DecryptError, pyrage.IdentityError):
        return NOT_OPENED
    except (OSError, pyrage.EncryptError) as error:  # one without a number is about what was read
        return NOT_OPENED if isinstance(error, OSError) and error.errno is None else NO_ROOM
    return DONE


if __name__ == "__main__":
    sys.exit(main())
