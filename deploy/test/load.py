"""Asks a gateway for public pages, over and over on a few connections, and keeps the books: load.py URL THREADS REPORT.

Every answer but 200 is a failure, and so is every connection that breaks while an answer is due. Runs until SIGTERM, then
writes "REQUESTS FAILURES" and the first failures to REPORT."""

import http.client
import signal
import sys
import threading
import time
from urllib.parse import urlsplit

url, threads, report = urlsplit(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
paths = ["/knowledge", "/auth/.well-known/jwks.json", "/content?limit=2", "/openapi.json"]
stopping = threading.Event()
lock = threading.Lock()
requests = 0
failures = []


def ask(number):
    global requests
    connection = None
    turn = number
    while not stopping.is_set():
        path = paths[turn % len(paths)]
        turn += 1
        # A new connection now and then, as clients come and go. A server may close an idle one; so does a client.
        if connection is None or turn % 20 == 0:
            connection = http.client.HTTPConnection(url.hostname, url.port, timeout=20)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            failure = None if answer.status == 200 else f"{path}: {answer.status}"
            if answer.will_close:
                connection = None
        except (OSError, http.client.HTTPException) as error:
            failure = f"{path}: {type(error).__name__} {error}"
            connection = None
        with lock:
            requests += 1
            if failure:
                failures.append(f"{time.strftime('%H:%M:%S')} {failure}")
        time.sleep(0.01)


signal.signal(signal.SIGTERM, lambda *_: stopping.set())
workers = [threading.Thread(target=ask, args=(number,)) for number in range(threads)]
for worker in workers:
    worker.start()
stopping.wait(600)
stopping.set()
for worker in workers:
    worker.join()
with open(report, "w", encoding="utf-8") as file:
    file.write(f"{requests} {len(failures)}\n" + "\n".join(failures[:20]) + "\n")
