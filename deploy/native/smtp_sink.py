"""A mail server (aiosmtpd) on a free port of 127.0.0.1 that keeps what it gets.

Writes into FOLDER: `port`; one JSON file for each mail, with what Python's email package makes of it; `logins`, a line
for each attempt to log in. Recipients whose address begins with `refuse` get 550, with `later` 451. It ends with its
standard input.
"""

import argparse
import asyncio
import email
import email.policy
import json
import os
import ssl
import subprocess
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refuse"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later"):
            return "451 4.3.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        raw = envelope.original_content
        message = email.message_from_bytes(raw, policy=email.policy.default)
        parts = {
            part.get_content_type(): part.get_content().replace("\r\n", "\n") for part in message.iter_parts()}
        self.count += 1
        write(self.folder, f"{self.count}.json", json.dumps({
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "hello": session.host_name,
            "encrypted": server.transport.get_extra_info("sslcontext") is not None,
            "authenticated": session.authenticated,
            "headers": {name.lower(): str(value) for name, value in message.items()},
            "header_count": len(message.items()),
            "from_name": message["from"].addresses[0].display_name,
            "date": message["date"].datetime.timestamp(),
            "type": message.get_content_type(),
            "text": parts["text/plain"],
            "html": parts["text/html"],
            "order": [part.get_content_type() for part in message.iter_parts()],
            "defects": [repr(defect) for part in message.walk() for defect in part.defects],
            "ascii": raw.isascii(),
            "longest_line": max(len(line) for line in raw.split(b"\r\n")),
            "bare_breaks": raw.replace(b"\r\n", b"").count(b"\n") + raw.replace(b"\r\n", b"").count(b"\r"),
        }))
        return "250 OK"


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.rename(path + ".new", path)


def tls_context(folder, names):
    certificate, key = os.path.join(folder, "certificate.pem"), os.path.join(folder, "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=sink", "-addext", f"subjectAltName={names}", "-keyout", key, "-out", certificate],
        check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context


def authenticator(folder, account):
    def check(server, session, envelope, mechanism, data):
        with open(os.path.join(folder, "logins"), "a", encoding="utf-8") as file:
            file.write(f"{mechanism} {server.transport.get_extra_info('sslcontext') is not None}\n")
        given = f"{data.login.decode()}:{data.password.decode()}"
        return AuthResult(success=given == account, handled=False)
    return check


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", choices=["none", "starttls", "implicit"], default="none")
    parser.add_argument("--names", default="DNS:localhost,IP:127.0.0.1")
    parser.add_argument("--account", help="user:password that must log in")
    parser.add_argument("--without", action="append", default=[], help="a mechanism that is not offered")
    options = parser.parse_args()

    context = None if options.tls == "none" else tls_context(options.folder, options.names)
    arguments = {"auth_exclude_mechanism": options.without}
    if options.account:
        arguments |= {
            "auth_required": True, "auth_require_tls": False,
            "authenticator": authenticator(options.folder, options.account)}
    if options.tls == "starttls":
        arguments["tls_context"] = context
    handler = Handler(options.folder)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, hostname="sink.example", **arguments), "127.0.0.1", options.port,
        ssl=context if options.tls == "implicit" else None)
    write(options.folder, "port", str(server.sockets[0].getsockname()[1]))
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
