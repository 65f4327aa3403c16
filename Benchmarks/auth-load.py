"""One client's calls of auth, one after the other. auth-load.py PORT USERS REQUESTS RUN

Prints the median milliseconds of each kind of call: login, refresh, check (a call with an access token), revocations (the
list that every service reads).
"""
import base64
import hashlib
import hmac
import http.client
import json
import os
import random
import statistics
import sys
import time

port, users, requests, run = map(int, sys.argv[1:])
connection = http.client.HTTPConnection("127.0.0.1", port)
random.seed(run)


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def call(method, path, body=None, token=None):
    headers = {"Content-Type": "application/json"} if body else {}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    start = time.perf_counter()
    connection.request(method, path, json.dumps(body) if body else None, headers)
    response = connection.getresponse()
    text = response.read()
    duration = (time.perf_counter() - start) * 1000
    assert response.status == 200, (method, path, response.status, text)
    return duration, json.loads(text)


def service_token():
    now = int(time.time())
    parts = [{"alg": "HS256", "typ": "JWT"}, {"iss": "bench", "aud": "internal", "iat": now, "exp": now + 60}]
    text = ".".join(base64url(json.dumps(part).encode()) for part in parts)
    code = hmac.new(os.environ["INTERNAL_SECRET"].encode(), text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64url(code)}"


times = {"login": [], "refresh": [], "check": [], "revocations": []}
# Each run has users of its own, so that each refresh token is used once.
share = max(users // 10, 1)
numbers = [random.randrange(users) + 1 for _ in range(requests)]
fresh = random.sample(range(share * (run - 1) % users + 1, share * (run - 1) % users + share + 1), min(requests, share))
for number in numbers:
    duration, grant = call("POST", "/auth/login", {"email": f"user{number}@example.org", "password": "correct horse"})
    times["login"].append(duration)
    times["check"].append(call("GET", "/auth/me", token=grant["access_token"])[0])
for number in fresh:
    token = base64url(hashlib.sha256(f"bench-{number}-0".encode()).digest())
    while len(times["refresh"]) < requests:
        duration, grant = call("POST", "/auth/refresh", {"refresh_token": token})
        times["refresh"].append(duration)
        token = grant["refresh_token"]
        if users > requests:
            break
secret = service_token()
for _ in range(requests):
    times["revocations"].append(call("GET", "/internal/revocations", token=secret)[0])
for kind, durations in times.items():
    print(kind, f"{statistics.median(durations):.3f}")
