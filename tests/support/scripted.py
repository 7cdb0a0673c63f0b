#!/usr/bin/env python3
"""A service that answers as its script says, well or badly, and writes down what it was asked.

Usage: scripted.py [FILE]    The script is FILE, or standard input. It ends on SIGTERM, with 0.

A script is a list of answers. Each begins with a line `> STATUS WORD...`; headers follow, an empty line, the body.
Requests take the answers in order; those to a token endpoint only the ones marked `token`, and without such, any
number of them are answered with a new token. Words:
  token            for a request to the token authority
  for=TEXT         for a request whose target holds TEXT
  repeat           stays: it answers any number of requests
  page=1-40        the body is a page of made-up customers with these numbers (`page=` is one without any)
  next=T previous=T  ... with these links, and their tokens; the continuation token also stands in the body
  form=PATH        ... whose links begin with PATH instead of `/customers`
  bare             no headers but those given, and Content-Length
  bom, gzip        the body with a byte order mark; compressed
  bomb=MIB         the body is so much white space, compressed
  chunked          no Content-Length
  hold=N           the body waits until N requests have come to the service
  cut=N, reset=N   the connection ends after N bytes of the body: in order, with a reset
  slow=MS          byte by byte, each after a pause, headers too
  endless          the body never ends
STATUS may also be `close` (no answer, the connection ends), `reset`, or `hang` (no answer, the connection stays).
In headers, bodies and the words of pages, {host} is this service's host:port, {other} that of a second service, which
answers every request with an empty page: nobody should ever ask it. {n} is the request's number.

On standard output: first {"port": N, "other": N}, then a JSON object for each request as soon as it is there whole;
last, on SIGTERM, {"left": N}: how many answers nobody came for.
"""
import collections
import itertools
import json
import os
import re
import signal
import socket
import struct
import sys
import threading
import time
import zlib

HOLD_SECONDS_MAX = 30
TOKEN_PATH = re.compile(r"/oauth2/[^?]*(token|devicecode)$")


# A status or word, words with their values, lines, bytes.
Answer = collections.namedtuple("Answer", "status words headers body")


def read_script(script: bytes) -> list[Answer]:
    answers = []
    for part in re.split(rb"^> ", script, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition(b"\n\n")
        first, *headers = head.rstrip(b"\n").split(b"\n")
        status, *words = first.decode().split()
        pairs = (word.partition("=") for word in words)
        answers.append(Answer(status, {name: value for name, _, value in pairs}, headers, body.removesuffix(b"\n")))
    return answers


# ---- bodies ----------------------------------------------------------------------------------------------


def customer(number: int) -> dict:
    guid = f"00000000-0000-4000-8000-{number:012}"
    return {"id": guid,
            "companyProfile": {"tenantId": guid, "domain": f"customer{number}.example", "companyName": f"Customer {number}",
                               "attributes": {"objectType": "CustomerCompanyProfile"}},
            "relationshipToPartner": "reseller", "attributes": {"objectType": "Customer"}}


def page(words: dict[str, str]) -> dict:
    first, _, last = words["page"].partition("-")
    items = [customer(number) for number in range(int(first), int(last or first) + 1)] if first else []
    form = words.get("form", "/customers")
    body = {"continuationToken": words["next"]} if "next" in words else {}
    links = {"self": {"uri": "/v1/customers?size=40", "method": "GET", "headers": []}}
    for name in ("next", "previous"):
        if name in words:
            links[name] = {"uri": f"{form}?size=40&seekOperation={name.capitalize()}", "method": "GET",
                           "headers": [{"key": "MS-ContinuationToken", "value": words[name]}]}
    return body | {"totalCount": len(items), "items": items, "links": links, "attributes": {"objectType": "Collection"}}


def compress(pieces) -> bytes:
    packer = zlib.compressobj(wbits=31)
    return b"".join([*map(packer.compress, pieces), packer.flush()])


# ---- the service -----------------------------------------------------------------------------------------


class Service:
    def __init__(self, answers: list[Answer]):
        self.answers = answers
        self.changed = threading.Condition()
        self.request_count = 0
        self.token_count = 0
        self.listeners = [socket.create_server(("127.0.0.1", 0), backlog=128) for _ in range(2)]
        self.port, self.other = (listener.getsockname()[1] for listener in self.listeners)

    def serve(self) -> None:
        write({"port": self.port, "other": self.other})
        for listener in self.listeners:
            threading.Thread(target=self.accept, args=(listener,), daemon=True).start()
        signal.sigwait({signal.SIGTERM})
        write({"left": sum("repeat" not in answer.words for answer in self.answers)})

    def accept(self, listener: socket.socket) -> None:
        for number in itertools.count():
            connection, _ = listener.accept()
            is_other = listener is self.listeners[1]
            threading.Thread(target=self.converse, args=(connection, number, is_other), daemon=True).start()

    def converse(self, connection: socket.socket, number: int, is_other: bool) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection, connection.makefile("rb") as stream:
            try:
                while request := read_request(stream):
                    to = "other" if is_other else "token" if TOKEN_PATH.search(request["target"]) else "api"
                    request |= {"to": to, "connection": number}
                    if not self.reply(connection, stream, request):
                        break
            except OSError:
                pass  # the client has gone

    def reply(self, connection: socket.socket, stream, request: dict) -> bool:
        """Write the request down and answer it; whether the connection goes on."""
        with self.changed:
            answer = self.choose(request)
            self.request_count += request["to"] == "api"
            request["number"] = self.request_count
            write(request)
            self.changed.notify_all()
        if answer.status == "hang":
            stream.read()
        if answer.status == "reset":
            reset(connection)
        if not answer.status.isdigit():
            return False
        return self.send(connection, answer, request)

    def choose(self, request: dict) -> Answer:
        if request["to"] == "other":
            return Answer("200", {"page": ""}, [], b"")
        for answer in self.answers:
            of_kind = ("token" in answer.words) == (request["to"] == "token")
            if of_kind and answer.words.get("for", "") in request["target"]:
                if "repeat" not in answer.words:
                    self.answers.remove(answer)
                return answer
        if request["to"] == "token":
            self.token_count += 1
            token = {"token_type": "Bearer", "expires_in": 3600, "access_token": f"token-{self.token_count}"}
            return Answer("200", {}, [], json.dumps(token).encode())
        request["unscripted"] = True
        return Answer("400", {}, [], b'{"code":1,"description":"the script has no answer for this","data":[]}')

    # ---- answers ----

    def fill(self, text: bytes, request: dict) -> bytes:
        values = {b"{host}": b"127.0.0.1:%d" % self.port, b"{other}": b"127.0.0.1:%d" % self.other,
                  b"{n}": b"%d" % request["number"]}
        for name, value in values.items():
            text = text.replace(name, value)
        return text

    def render(self, answer: Answer, request: dict) -> tuple[bytes, bytes]:
        words = {name: self.fill(value.encode(), request).decode() for name, value in answer.words.items()}
        body = self.fill(answer.body, request)
        if "page" in words:
            body = json.dumps(page(words), separators=(",", ":")).encode()
        body = b"\xef\xbb\xbf" * ("bom" in words) + body
        headers = [self.fill(header, request) for header in answer.headers]
        if "bomb" in words:
            body = compress([b" " * 2**20] * int(words["bomb"]) + [b"{}"])
        if "gzip" in words:
            body = compress([body])
        if "gzip" in words or "bomb" in words:
            headers.append(b"Content-Encoding: gzip")
        if "bare" not in words:
            headers.append(b"Content-Type: application/json; charset=utf-8")
            sent = {name.lower(): value for name, value in request["headers"]}
            headers += [b"%s: %s" % (name, sent[name.decode().lower()].encode())
                        for name in (b"MS-RequestId", b"MS-CorrelationId") if name.decode().lower() in sent]
        if words.keys() & {"chunked", "endless"}:
            headers.append(b"Transfer-Encoding: chunked")
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if "chunked" in words else b""
        elif answer.status != "204":
            headers.append(b"Content-Length: %d" % len(body))
        head = b"HTTP/1.1 %s Scripted\r\n%s\r\n" % (answer.status.encode(), b"".join(line + b"\r\n" for line in headers))
        return head, body

    def send(self, connection: socket.socket, answer: Answer, request: dict) -> bool:
        words = answer.words
        head, body = self.render(answer, request)
        if request["method"] == "HEAD":
            body = b""
        if "slow" in words:
            for byte in head + body:
                time.sleep(int(words["slow"]) / 1000)
                connection.sendall(bytes([byte]))
            return True
        if "hold" in words:
            connection.sendall(head)
            self.hold(int(words["hold"]))
            head = b""
        limit = words.get("cut", words.get("reset"))
        connection.sendall(head + (body if limit is None else body[:int(limit)]))
        while "endless" in words:
            connection.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
        if "reset" in words:
            reset(connection)
        return limit is None

    def hold(self, count: int) -> None:
        with self.changed:
            if not self.changed.wait_for(lambda: self.request_count >= count, HOLD_SECONDS_MAX):
                raise OSError("nobody came")  # the connection is cut


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def read_request(stream) -> dict | None:
    line = stream.readline().decode("latin-1").split()
    if len(line) != 3:
        return None
    headers = []
    while (header := stream.readline().decode("latin-1").strip()):
        name, _, value = header.partition(":")
        headers.append([name, value.strip()])
    size = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    body = stream.read(size).decode("utf-8", "replace")
    return {"method": line[0], "target": line[1], "headers": headers, "body": body}


def write(record: dict) -> None:
    # Past the buffer: a thread that holds its lock when the interpreter ends would abort it.
    os.write(sys.stdout.fileno(), (json.dumps(record) + "\n").encode())


def main() -> int:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    script = open(sys.argv[1], "rb").read() if len(sys.argv) > 1 else sys.stdin.buffer.read()
    Service(read_script(script)).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
