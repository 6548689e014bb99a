"""Programs of others, and a server that they can ask."""

import contextlib
import threading

from werkzeug.serving import make_server


@contextlib.contextmanager
def served(app):
    """Give the address of a server that answers in a thread of this process."""
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
