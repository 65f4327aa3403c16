"""Asks each service through a gateway, over and over on a few connections, and keeps the books: load.py URL THREADS REPORT.

Every answer but the one expected is a failure, and so is every connection that breaks while an answer is due. Runs until
SIGTERM, then writes "REQUESTS FAILURES" and the first failures to REPORT. What is written is written as a new user."""

import http.client
import json
import signal
import sys
import threading
import time
import uuid
from urllib.parse import urlsplit

url, threads, report = urlsplit(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
stopping = threading.Event()
lock = threading.Lock()
requests = 0
failures = []


def connect():
    return http.client.HTTPConnection(url.hostname, url.port, timeout=20)


def exchange(connection, method, path, body=None, token=None):
    headers = {"Content-Type": "application/json"} if body else {}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    connection.request(method, path, json.dumps(body) if body else None, headers)
    answer = connection.getresponse()
    return answer, answer.read()


def sign_up():
    body = {"email": f"load-{uuid.uuid4()}@example.org", "password": "lyceum-demo-1"}
    answer, text = exchange(connect(), "POST", "/auth/signup", body)
    if answer.status != 201:
        sys.exit(f"no user for the load: {answer.status} {text.decode()}")
    return json.loads(text)["access_token"]


def view():
    return {"events": [{"id": str(uuid.uuid4()), "type": "view", "knowledge_id": 1, "chapter_id": "1"}]}


# Method, path, what makes its body, with a token or without, status.
calls = [
    ("GET", "/knowledge", None, False, 200),
    ("GET", "/auth/.well-known/jwks.json", None, False, 200),
    ("POST", "/analytics/events", view, True, 202),
    ("GET", "/media?limit=1", None, True, 200),
    ("GET", "/content?limit=2", None, False, 200),
    ("GET", "/auth/me", None, True, 200),
    ("GET", "/openapi.json", None, False, 200),
]


def ask(number, token):
    global requests
    connection = None
    turn = number
    while not stopping.is_set():
        method, path, body, has_token, expected = calls[turn % len(calls)]
        turn += 1
        # A new connection now and then, as clients come and go. A server may close an idle one; so does a client.
        if connection is None or turn % 20 == 0:
            connection = connect()
        try:
            answer, text = exchange(connection, method, path, body and body(), token if has_token else None)
            told = text.decode(errors="replace")[:500]
            failure = None if answer.status == expected else f"{method} {path}: {answer.status} {told}"
            if answer.will_close:
                connection = None
        except (OSError, http.client.HTTPException) as error:
            failure = f"{method} {path}: {type(error).__name__} {error}"
            connection = None
        with lock:
            requests += 1
            if failure:
                failures.append(f"{time.strftime('%H:%M:%S')} {failure}")
        time.sleep(0.01)


signal.signal(signal.SIGTERM, lambda *_: stopping.set())
user = sign_up()
workers = [threading.Thread(target=ask, args=(number, user)) for number in range(threads)]
for worker in workers:
    worker.start()
stopping.wait(600)
stopping.set()
for worker in workers:
    worker.join()
with open(report, "w", encoding="utf-8") as file:
    file.write(f"{requests} {len(failures)}\n" + "\n".join(failures[:20]) + "\n")
