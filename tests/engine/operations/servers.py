"""Servers on 127.0.0.1 for the tests: HTTP and SMTP that answer as a test says."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Headers = dict[str, str]


@dataclass
class Seen:
    """A request that arrived; the names of headers in small letters."""

    method: str
    path: str
    headers: Headers
    body: bytes


@dataclass
class Web:
    """A web server: `answers` by path give status, headers, body."""

    port: int = 0
    seen: list[Seen] = field(default_factory=list)
    answers: dict[str, tuple[int, Headers, bytes]] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"


@contextmanager
def web(context: ssl.SSLContext | None = None) -> Iterator[Web]:
    told = Web()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            told.seen.append(Seen(self.command, self.path, headers, body))
            status, given, content = told.answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **given}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None: ...

    for method in ("GET", "HEAD", "POST", "PUT"):
        setattr(Handler, f"do_{method}", Handler._any)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a broken handshake
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    told.port = server.server_address[1]
    with server, _running(lambda: server.serve_forever(0.01), server.shutdown):
        yield told


@contextmanager
def _running(run: Callable[[], None], stop: Callable[[], None]) -> Iterator[None]:
    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop()
        thread.join()


@contextmanager
def raw(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that says what it wants to each who connects; its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def run() -> None:
        while not ended.is_set():
            try:
                other, _ = listener.accept()
            except OSError:
                return
            with other:
                try:
                    talk(other)
                except OSError:
                    continue

    def stop() -> None:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)

    with listener, _running(run, stop):
        yield listener.getsockname()[1]


@dataclass
class Post:
    """A mail server: what it took, and what it answers to each command (250 where it says none)."""

    port: int = 0
    letters: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    starttls: bool = True
    cut_after_text: bool = False


@contextmanager
def post(context: ssl.SSLContext, told: Post, *, at_once: bool = False) -> Iterator[Post]:
    def talk(other: socket.socket) -> None:
        if at_once:
            other = context.wrap_socket(other, server_side=True)
        _Talk(other, context, told).run()

    with raw(talk) as told.port:
        yield told


class _Talk:
    def __init__(self, sock: socket.socket, context: ssl.SSLContext, told: Post) -> None:
        self.sock, self.context, self.told = sock, context, told
        self.stream = sock.makefile("rb")
        self.secure = False

    def say(self, text: str) -> None:
        self.sock.sendall(f"{text}\r\n".encode())

    def run(self) -> None:
        self.say("220 ready")
        while line := self.stream.readline().decode().strip():
            word = line.split()[0].upper()
            self.told.commands.append(line)
            if word == "QUIT":
                self.say("221 bye")
                break
            if word == "DATA" and word not in self.told.answers:
                if not self.text():
                    break
            elif word == "STARTTLS":
                self.encrypt()
            elif word == "EHLO":
                offers = "250-STARTTLS\r\n" * (self.told.starttls and not self.secure)
                self.say(f"250-here\r\n{offers}250-AUTH PLAIN\r\n250 8BITMIME")
            else:
                usual = "235 in" if word == "AUTH" else "250 ok"
                self.say(self.told.answers.get(word, usual))
        self.stream.close()
        self.sock.close()

    def encrypt(self) -> None:
        self.say("220 go")
        self.sock = self.context.wrap_socket(self.sock, server_side=True)
        self.stream, self.secure = self.sock.makefile("rb"), True

    def text(self) -> bool:
        self.say("354 go on")
        lines = []
        while (line := self.stream.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.told.letters.append(b"".join(lines))
        if self.told.cut_after_text:
            return False
        self.say(self.told.answers.get("TEXT", "250 taken"))
        return True


@dataclass
class Certificate:
    """A certificate of 127.0.0.1 and localhost, its own authority."""

    authority: Path
    context: ssl.SSLContext


def certificate(folder: Path) -> Certificate:
    key, made = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "3650", "-subj", "/CN=localhost", "-keyout", key, "-out", made,
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return Certificate(made, context)
