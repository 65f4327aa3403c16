"""Stands in for Ory Kratos in tests: two ports as Kratos has, each request and answer checked with api.json.

    stand_in.py [COST]

Prints the two ports, ends when its standard input does. What breaks the contract is answered with 500 and told at
GET /stand-in/violations, beside which the admin port has /stand-in/sessions, how many an identity has open, and
/stand-in/faults, to make a flow of one account fail once.
"""

import json
import os
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from contract import Contract, Request, Response
from kratos import Kratos, OrderedFault, Refusal, error

contract = Contract(Path(__file__).with_name("api.json"))
violations = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    kratos = None
    is_admin = False

    def log_message(self, *_):
        pass

    def handle_call(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        parts = urlsplit(self.path)
        query = parse_qsl(parts.query)
        if parts.path.startswith("/stand-in/") and self.is_admin:
            return self.answer(200, self.control(parts.path, dict(query), body))
        request = Request(self.command, f"http://{self.headers['Host']}", parts.path, query, self.headers, body)
        fault = contract.fault_in(request) or self.fault_of_side(parts.path)
        if fault:
            return self.violate(f"{self.command} {parts.path}: {fault}")
        headers, is_ordered = [], False
        try:
            with self.kratos.lock:
                status, answer = self.act(parts.path, query, json.loads(body) if body else None, headers)
        except Refusal as refusal:
            status, answer, is_ordered = refusal.status, refusal.body, isinstance(refusal, OrderedFault)
        text = b"" if status == 204 else json.dumps(answer).encode()
        fault = None if is_ordered else contract.fault_in(request, Response(status, headers, text))
        if fault:
            return self.violate(f"{self.command} {parts.path} {status}: {fault}")
        return self.answer(status, answer, headers)

    do_GET = do_POST = do_PATCH = do_DELETE = handle_call

    def fault_of_side(self, path):
        if path.startswith("/admin/") != self.is_admin:
            return "is not served on this port"
        # Kratos takes these for a browser's, and demands a CSRF token.
        if path.startswith("/self-service/") and ("Cookie" in self.headers or "Origin" in self.headers):
            return "has a cookie or an origin"
        return None

    def act(self, path, query, body, headers):
        options, kratos = dict(query), self.kratos
        if match := re.fullmatch(r"/self-service/(\w+)/api", path):
            if match[1] == "logout":
                if kratos.sessions.pop(body["session_token"], None) is None:
                    raise error(403, None, "The provided session token could not be found")
                return 204, None
            session = kratos.session(self.headers.get("X-Session-Token")) if match[1] == "settings" else None
            return 200, kratos.begin(match[1], session)
        if match := re.fullmatch(r"/self-service/(\w+)", path):
            return 200, self.submit(match[1], kratos.kept(match[1], options["flow"]), body)
        if path == "/admin/identities" and self.command == "POST":
            return 201, kratos.create(body)
        if path == "/admin/identities":
            size = int(options.get("page_size", 250))
            shown, following = kratos.page(
                size, options.get("page_token"), "include_credential" in options, options.get("credentials_identifier"))
            if following:
                headers.append(("Link", f'</admin/identities?page_size={size}&page_token={following[0]}>; rel="next"'))
            return 200, shown
        if path == "/admin/recovery/code":
            return 201, kratos.recovery_code(body)
        if match := re.fullmatch(r"/admin/identities/by/external/([^/]+)", path):
            return 200, kratos.shown(kratos.by_external(match[1]) or kratos.identity(None))
        if match := re.fullmatch(r"/admin/identities/([^/]+)/sessions", path):
            kratos.identity(match[1])
            kratos.end_sessions(match[1])
            return 204, None
        if match := re.fullmatch(r"/admin/identities/([^/]+)", path):
            if self.command == "GET":
                return 200, kratos.shown(kratos.identity(match[1]))
            if self.command == "PATCH":
                return 200, kratos.patch(match[1], body)
            kratos.delete(match[1])
            return 204, None
        raise error(404, None, "The stand-in does not have this")

    def submit(self, kind, kept, body):
        kratos = self.kratos
        account = body.get("identifier") or body.get("traits", {}).get("email")
        fault = kratos.faults.pop((kind, account), None)
        if fault == "expired":
            kratos.expire(kept)
        if fault:
            raise OrderedFault(fault, {"error": {"code": fault, "message": "as the test wants it"}})
        if kind == "registration":
            return kratos.register(kept, body)
        if kind == "login":
            return kratos.log_in(kept, body)
        if kind == "settings":
            return kratos.change_settings(kept, body, kratos.session(self.headers.get("X-Session-Token")))
        return kratos.recover(kept, body)

    def control(self, path, query, body):
        with self.kratos.lock:
            if path == "/stand-in/violations":
                return violations
            if path == "/stand-in/sessions":
                return sum(1 for session in self.kratos.sessions.values() if session["identity"] == query["identity"])
            fault = json.loads(body)
            self.kratos.faults[(fault["flow"], fault["account"])] = fault["fault"]
            return {}

    def violate(self, what):
        violations.append(what)
        self.answer(500, {"error": {"message": what}})

    def answer(self, status, body, headers=()):
        text = b"" if status == 204 else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    handlers = [type("Open", (Handler,), {}), type("Admin", (Handler,), {"is_admin": True})]
    servers = [Server(("127.0.0.1", 0), handler) for handler in handlers]
    Handler.kratos = Kratos(f"http://127.0.0.1:{servers[0].server_port}", int(sys.argv[1]) if len(sys.argv) > 1 else 4)
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(*(server.server_port for server in servers), flush=True)
    sys.stdin.read()
    os._exit(0)


main()
