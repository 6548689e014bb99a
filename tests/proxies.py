"""The samples of ``deploy/`` for proxies, without TLS and on a port of the tests, where nginx and Caddy
are installed.
"""

import re
import socket
import subprocess
import time
from contextlib import contextmanager

from tests import programs
from tests.server import ROOT, free_port


@contextmanager
def running(sample, folder, behind):
    """The port of a proxy in front of the server at the port ``behind``."""
    programs.require(sample.__name__)
    port = free_port()
    process = subprocess.Popen(sample(folder, port, behind), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(process, port):
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert process.poll() is None and time.monotonic() < until, "the proxy does not listen"
            time.sleep(0.05)


def nginx(folder, port, behind):
    """Return the command of nginx with the sample, without TLS and on a port of ours."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^user .*$", "daemon off; error_log stderr;", text)
    text = text.replace("pid /run/nginx.pid", f"pid {folder}/nginx.pid")
    text = re.sub(
        r"(?ms)^    # names that are not the library's\n.*?(?=^    server \{\n        listen 443 ssl;)", "", text
    )
    text = re.sub(r"(?m)^\s+(listen \[::\]|ssl_|http2 ).*\n", "", text)
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};").replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
    paths = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"    {name}_temp_path {folder}/{name};\n" for name in paths)
    text = text.replace("http {\n", "http {\n" + temporary, 1)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy(folder, port, behind):
    """Return the command of Caddy with the sample, without TLS and on a port of ours."""
    text = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    text = re.sub(r"(?ms)^http:.*?^}\n", "", text)
    text = text.replace("{\n\tservers", "{\n\tadmin off\n\tauto_https off\n\tservers", 1)
    text = text.replace("\nlibrary.example.jp {", f"\nhttp://:{port} {{\n\tbind 127.0.0.1")
    (folder / "Caddyfile").write_text(text.replace("127.0.0.1:8000", f"127.0.0.1:{behind}"), encoding="utf-8")
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


SAMPLES = (nginx, caddy)
