"""A mail server on loopback that can be hostile, in a process of its own.

``main`` takes the words ``LOG MODE [--every N] [--pidfile FILE] [--port PORT]``, prints its port, then serves. For
tests: ``with smtp_server.running(folder, "ok") as server``.
"""

import argparse
import asyncio
import contextlib
import email
import email.policy
import json
import os
import select
import signal
from pathlib import Path

from aiosmtpd.smtp import SMTP

from tests import forks

MODES = (
    "ok",
    "later",  # 451 to every n-th message
    "hang",  # takes the line and says nothing
    "hang-after-data",  # keeps every n-th message and never says so
    "cut",  # cuts the line in the middle of every n-th message
    "drop",  # keeps every n-th message, then cuts the line without an answer
    "unknown",  # 550 at RCPT
    "blocked",  # 550 5.7.1 at RCPT
    "unwanted",  # 554 at DATA
    "sender",  # 550 at MAIL
    "kill",  # SIGKILL to the sender right after the answer to every n-th message
    "kill-before",  # the same, instead of the answer
    "greylist",  # 451 to the first try of each recipient
    "closed",  # 421 as the first word
    "noise",  # bytes that are no SMTP
)


# -- the program -----------------------------------------------------------------------------------------------------
class Handler:
    """Keeps what is accepted as one JSON line each."""

    def __init__(self, log, mode, every, pidfile):
        self.log, self.mode, self.every, self.pidfile = log, mode, every, pidfile
        self.messages = 0
        self.lines, self.seen = set(), set()

    def is_cut(self):
        """Tell whether the message that is about to come is one to cut; for the mode ``cut`` alone."""
        if self.mode != "cut":
            return False
        self.messages += 1
        return self.messages % self.every == 0

    def write(self, **event):
        self.log.write(json.dumps(event, ensure_ascii=False) + "\n")
        self.log.flush()

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.mode == "sender":
            return "550 5.1.8 who are you"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.mode == "unknown":
            return "550 5.1.1 no such mailbox"
        if self.mode == "blocked":
            return "550 5.7.1 relaying denied"
        if self.mode == "greylist" and address not in self.seen:
            self.seen.add(address)
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.messages += self.mode != "cut"
        hit = self.messages % self.every == 0
        if self.mode == "unwanted":
            return "554 5.6.0 not this"
        if self.mode == "later" and hit:
            return "451 4.3.0 try again"
        self.keep(envelope)
        if hit and self.mode == "drop":
            server.transport.abort()
        if hit and self.mode == "hang-after-data":
            await asyncio.sleep(3600)
        if hit and self.mode == "kill-before":
            self.kill()
        if hit and self.mode == "kill":
            asyncio.get_running_loop().call_soon(self.kill)  # the answer is on its way by then
        return "250 kept"

    def keep(self, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.write(
            sender=envelope.mail_from,
            to=envelope.rcpt_tos,
            rcpt=self.asked,
            message_id=message["Message-ID"],
            subject=str(message["Subject"]),
            text=message.get_content(),
            raw=envelope.content.decode("ascii", "backslashreplace"),
        )

    def kill(self):
        with contextlib.suppress(ProcessLookupError, FileNotFoundError, ValueError):
            os.kill(int(Path(self.pidfile).read_text()), signal.SIGKILL)


def is_held(line):
    """Tell whether the other end still holds a line: that somebody was killed may be read only after the next one has
    come.
    """
    gone = select.poll()
    gone.register(line.fileno(), select.POLLRDHUP)
    return not gone.poll(0)


class Server(SMTP):
    """aiosmtpd with a bad temper at the door."""

    cuts = False  # the line, at the next bytes

    def connection_made(self, transport):
        super().connection_made(transport)
        self.line = transport.get_extra_info("socket")
        self.event_handler.lines.add(self.line)
        self.event_handler.write(connected=sum(map(is_held, self.event_handler.lines)))

    def connection_lost(self, error):
        self.event_handler.lines.discard(self.line)
        super().connection_lost(error)

    async def push(self, status):
        self.cuts = status.startswith("354") and self.event_handler.is_cut()
        await super().push(status)

    def data_received(self, data):
        if self.cuts:
            self.transport.abort()
        else:
            super().data_received(data)

    async def smtp_RCPT(self, arg):
        self.event_handler.asked = arg  # aiosmtpd itself takes quotes off
        await super().smtp_RCPT(arg)

    async def _handle_client(self):
        if self.event_handler.mode == "hang":
            try:
                await asyncio.sleep(3600)
            finally:
                self.transport.close()
        if self.event_handler.mode == "closed":
            await self.push("421 4.3.2 not now")
            self.transport.close()
            return
        if self.event_handler.mode == "noise":
            self.transport.write(b"\x00\xff not a mail server\r\n" * 3)
            self.transport.close()
            return
        await super()._handle_client()


async def serve(arguments):
    with open(arguments.log, "a", encoding="utf-8") as log:
        handler = Handler(log, arguments.mode, arguments.every, arguments.pidfile)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Server(handler, hostname="localhost", ident="test"), "127.0.0.1", arguments.port
        )
        print(server.sockets[0].getsockname()[1], flush=True)
        async with server:
            await server.serve_forever()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("log")
    parser.add_argument("mode", choices=MODES)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--pidfile")
    parser.add_argument("--port", type=int, default=0)
    asyncio.run(serve(parser.parse_args()))


# -- for tests -------------------------------------------------------------------------------------------------------
class Running:
    """A server that runs, and what it has seen."""

    def __init__(self, port, log):
        self.port, self.log = port, log

    def events(self):
        """Return the mails that it has written down; of the line that it is about to write a part may be there."""
        whole, _, _ = self.log.read_bytes().rpartition(b"\n")
        return [json.loads(line) for line in whole.split(b"\n") if line]

    def accepted(self):
        return [event for event in self.events() if "message_id" in event]

    def connections(self):
        """Open connections, this one included, at the moment of each that came."""
        return [event["connected"] for event in self.events() if "connected" in event]


@contextlib.contextmanager
def running(folder, mode="ok", *, every=1, pidfile=None, port=0):
    log = Path(folder) / "smtp.jsonl"
    log.touch()
    words = [log, mode, "--every", every, "--port", port, *(["--pidfile", pidfile] if pidfile else [])]
    process = forks.Process(main, *words, env=os.environ, log=Path(folder) / "smtp.log")
    try:
        yield Running(int(process.stdout.readline()), log)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
