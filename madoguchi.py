"""The program ``madoguchi`` of an installed server: the whole tree lies in the folder of this file, which nobody else
imports from.
"""

import gc
import os
import signal
import sys
from pathlib import Path


def main() -> None:
    """Serve, or run a command, as the command line says."""
    if "serve" in sys.argv[1:4]:  # to read the rest takes a second, in which nothing is begun that needs an end
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    gc.disable()  # what a start makes stays; web_server.spare_what_stays enables it
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from app import run_command

    run_command()


if __name__ == "__main__":
    main()
