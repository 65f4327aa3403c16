"""A client of Lyceum's gateway with nothing but Python's standard library."""

import http.client
import json
import time
import urllib.parse
import uuid

# Seconds.
TIMEOUT = 300
PATIENCE = 120


class Failure(Exception):
    """Why the demo can't go on, in words for whoever runs it."""


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.content = response.read()
        kind = (response.headers.get("Content-Type") or "").partition(";")[0]
        is_json = kind == "application/json" or kind.endswith("+json")
        self.body = json.loads(self.content) if self.content and is_json else None


class API:
    """Calls as one user; without a token as anyone."""

    def __init__(self, url, token=None):
        self.url = url
        self.token = token
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Failure(f"LYCEUM_URL must be an http or https URL, not {url!r}")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.connection = kind(parts.hostname, parts.port, timeout=TIMEOUT)
        self.prefix = parts.path.rstrip("/")

    def as_user(self, token):
        return API(self.url, token)

    def call(self, method, path, body=None, headers=None, expect=(200,)):
        """`body` is sent as JSON. Waits and tries again while the platform is busy."""
        content = None if body is None else json.dumps(body).encode()
        kind = {} if body is None else {"Content-Type": "application/json"}
        return self.send(method, path, lambda: content, {**kind, **(headers or {})}, expect)

    def send(self, method, path, make_body, headers, expect=(200,)):
        """`make_body` gives bytes, or an iterable of bytes that is streamed; it is called once for each try."""
        if self.token:
            headers = {**headers, "Authorization": f"Bearer {self.token}"}
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = self._once(method, path, make_body(), headers)
            if answer.status in expect:
                return answer
            pause = float(answer.headers.get("Retry-After") or 1)
            if answer.status not in (429, 503) or time.monotonic() + pause > deadline:
                raise Failure(f"{method} {path} answered {answer.status}: {explain(answer.body)}")
            time.sleep(pause)

    def _once(self, method, path, body, headers):
        try:
            is_stream = body is not None and not isinstance(body, bytes)
            if is_stream:
                headers = {**headers, "Transfer-Encoding": "chunked"}
            self.connection.request(method, self.prefix + path, body, headers, encode_chunked=is_stream)
            return Answer(self.connection.getresponse())
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            raise Failure(f"{method} {self.url}{path}: {error}. Is the platform running (make start)?") from error

    def items(self, path, **parameters):
        """All items of a list, page by page."""
        cursor = None
        while True:
            query = {**parameters, "limit": 100, **({"cursor": cursor} if cursor else {})}
            page = self.call("GET", f"{path}?{urllib.parse.urlencode(query)}").body
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def upload(self, name, content, fields):
        """POST /media."""
        boundary = uuid.uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
            for field, value in fields.items()
        ]
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        body = b"".join(parts) + head + content + f"\r\n--{boundary}--\r\n".encode()
        kind = f"multipart/form-data; boundary={boundary}"
        return self.send("POST", "/media", lambda: body, {"Content-Type": kind}, expect=(201,)).body


def explain(problem):
    if not isinstance(problem, dict):
        return "no explanation"
    faults = "; ".join(f"{fault['field']} {fault['message']}" for fault in problem.get("errors") or [])
    return " ".join(filter(None, [problem.get("detail") or problem.get("title"), faults]))
