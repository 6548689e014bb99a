"""A server of covers on this machine, and pictures as such servers send them."""

import http.server
import io
import threading
from contextlib import contextmanager

from PIL import Image


def picture(size=(300, 430), kind="JPEG", colour="red") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, kind)
    return written.getvalue()


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        status, content = self.server.answers.get(self.path.strip("/").partition(".")[0], self.server.otherwise)
        self.send_response(status)
        self.send_header("Location", "/away")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@contextmanager
def server():
    """Yield one with ``answers`` (status, content) by ISBN, what it says ``otherwise``, and what it was ``asked``."""
    opened = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    opened.asked, opened.answers, opened.otherwise = [], {}, (404, b"")
    opened.url = f"http://127.0.0.1:{opened.server_port}/{{isbn13}}.jpg"
    thread = threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield opened
    opened.shutdown()
    thread.join()
    opened.server_close()
