#!/usr/bin/env python3
"""A service and its token authority, as scripted: for what clienteled does not do, or never would.

Usage: scripted_service.py READY LOG [--customers N] [--page-delay S] [--pending N] [--deny] [--refuse-tokens N]
           [--throttle] [--expires-in S] [--evil] [--break-at N]
Writes its address to READY when it listens, and a line for each request to LOG. Ends on SIGTERM.
"""
import argparse
import base64
import http.server
import itertools
import json
import os
import signal
import sys
import threading
import time
import urllib.parse

EVIL = "\033[2J\033]0;owned\007=cmd()\u202e\u009b31m, \"Ltd\"\r\n"


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("ready")
    parser.add_argument("log")
    parser.add_argument("--customers", type=int, default=100)
    parser.add_argument("--page-delay", type=float, default=0.0)
    parser.add_argument("--pending", type=int, default=0, help="polls before the user has signed in")
    parser.add_argument("--deny", action="store_true", help="the user says no")
    parser.add_argument("--refuse-tokens", type=int, default=0, help="the first so many tokens are no good")
    parser.add_argument("--throttle", action="store_true")
    parser.add_argument("--expires-in", type=int, default=3600)
    parser.add_argument("--break-at", type=int, help="the page that begins with this customer is refused")
    parser.add_argument("--evil", action="store_true", help="names that act on a terminal")
    return parser.parse_args()


def encode(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


class Scripted:
    def __init__(self, options):
        self.options = options
        self.numbers = itertools.count(1)
        self.pending = options.pending
        self.refresh = "refresh-0"
        self.log = open(options.log, "a", encoding="utf-8", buffering=1)

    def token(self, form):
        """Status and answer of the token endpoint."""
        grant = form.get("grant_type")
        if grant == "urn:ietf:params:oauth:grant-type:device_code":
            if self.options.deny:
                return 400, {"error": "access_denied", "error_description": "The user said no."}
            if self.pending > 0:
                self.pending -= 1
                return 400, {"error": "authorization_pending"}
        elif grant == "refresh_token":
            if form.get("refresh_token") != self.refresh:
                return 400, {"error": "invalid_grant", "error_description": "That refresh token is spent."}
        elif grant != "client_credentials" or form.get("client_secret") != "right":
            return 401, {"error": "invalid_client", "error_description": "The secret is wrong."}
        number = next(self.numbers)
        claims = {"tid": "tenant-1", "azp": form.get("client_id"), "exp": int(time.time()) + self.options.expires_in}
        answer = {"token_type": "Bearer", "expires_in": self.options.expires_in}
        if grant != "client_credentials":
            claims |= {"scp": "user_impersonation", "preferred_username": "ada@fabrikam.example"}
            self.refresh = answer["refresh_token"] = f"refresh-{number}"
        answer["access_token"] = f"{encode({'alg': 'none'})}.{encode(claims)}.{number}"
        return 200, answer

    def devicecode(self):
        return 200, {"device_code": "device", "user_code": "ABC-DEF", "verification_uri": "http://127.0.0.1/device",
                     "interval": 1, "expires_in": 60, "message": "Open http://127.0.0.1/device and enter ABC-DEF"}

    def page(self, query, token):
        size = int(query.get("size", ["500"])[0]) or 500
        start = 0
        if token:
            start, size = (int(part) for part in token.split("-"))
        end = min(start + size, self.options.customers)
        names = [EVIL if self.options.evil else f"Company {i:06}" for i in range(start, end)]
        items = [{"id": f"00000000-0000-4000-8000-{i:012}", "relationshipToPartner": "reseller",
                  "companyProfile": {"domain": f"c{i}.example", "companyName": name}}
                 for i, name in zip(range(start, end), names)]
        page = {"totalCount": len(items), "items": items, "links": {}}
        if end < self.options.customers:
            page["continuationToken"] = f"{end}-{size}"
            header = {"key": "MS-ContinuationToken", "value": page["continuationToken"]}
            page["links"]["next"] = {"uri": f"/customers?size={size}&seekOperation=Next", "method": "GET", "headers": [header]}
        return page


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    scripted: Scripted

    def log_message(self, *arguments):
        pass

    def answer(self, status, value, headers=()):
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers:
            self.send_header(name, text)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name in ("MS-RequestId", "MS-CorrelationId"):
            if self.headers.get(name):
                self.send_header(name, self.headers[name])
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        path = urllib.parse.urlsplit(self.path).path
        form = {name: values[0] for name, values in urllib.parse.parse_qs(body).items()}
        self.scripted.log.write(f"POST {path} {form.get('grant_type', '-')}\n")
        if path.endswith("/devicecode"):
            self.answer(*self.scripted.devicecode())
        elif path.endswith("/token"):
            self.answer(*self.scripted.token(form))
        elif path.endswith("/qualifications"):
            self.answer(201, {**json.loads(body), "vettingStatus": "InReview"})
        else:
            received = {"path": self.path, "body": body, "headers": dict(self.headers)}
            self.answer(201, received)

    do_PUT = do_PATCH = do_POST

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path)
        options = self.scripted.options
        number = int(self.headers.get("Authorization", "Bearer 0").rsplit(".", 1)[-1].rsplit(" ", 1)[-1])
        token = self.headers.get("MS-ContinuationToken", "")
        self.scripted.log.write(f"GET {self.path} token={number} page={token or '-'}\n")
        if number <= options.refuse_tokens:
            self.answer(401, {"code": 400, "description": "The token is no good.", "data": [], "source": "PartnerFD"})
        elif options.throttle:
            self.answer(429, {"statusCode": 429, "message": "Rate limit is exceeded. Try again in 30 seconds."},
                        [("Retry-After", "30")])
        elif path.path == "/v1/customers" and token.split("-")[0] == str(options.break_at):
            self.answer(400, {"code": 3000, "description": "Not this page.", "data": [], "source": "PartnerFD"})
        elif path.path == "/v1/customers":
            time.sleep(options.page_delay)
            query = urllib.parse.parse_qs(path.query)
            count = []
            if self.headers.get("Prefer") == "count=exact":
                count = [("Preference-Applied", "count=exact"), ("Content-Range", f"items 0-0/{options.customers}")]
            self.answer(200, self.scripted.page(query, token), count)
        elif path.path.endswith("/qualifications"):
            self.answer(200, [{"qualification": "Education", "vettingStatus": "Approved", "vettingCreateDate": "2026-11-01"}])
        else:
            self.answer(404, {"code": 1000, "description": "Nothing here.", "data": [], "source": "PartnerFD"})


def main():
    options = parse()
    Handler.scripted = Scripted(options)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    # From another thread: shutdown() waits for the loop that this one runs.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    with open(options.ready + ".new", "w", encoding="utf-8") as ready:
        ready.write(f"127.0.0.1:{server.server_address[1]}")
    os.rename(options.ready + ".new", options.ready)
    server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
