"""A small client of the REST API, which counts what it asks and how it is answered."""

import http.client
import json
import threading
import time
import uuid
from collections import Counter, defaultdict
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 60  # seconds
ATTEMPTS = 3  # of a request whose connection was lost; its key makes a second one harmless


class Refusal(Exception):
    """The API said no."""

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(f"{status} {code}: {sentence}")
        self.status, self.code = status, code


class Tally:
    """How often each step was done or refused, and how long the answers took; for several threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.refused: dict[str, Counter[str]] = defaultdict(Counter)
        self.begun = time.monotonic()

    def note(self, step: str, seconds: float, refused: str = "") -> None:
        """One request that was answered."""
        with self.lock:
            self.seconds[step].append(seconds)
            if refused:
                self.refused[step][refused] += 1

    @property
    def requests(self) -> int:
        """All requests so far."""
        return sum(len(each) for each in self.seconds.values())

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.begun

    def table(self) -> list[str]:
        """A line per step, in the order in which they were first done: done, refused and why, mean and 95 %."""
        lines = [f"{'step':24} {'done':>6} {'refused':>8} {'mean ms':>8} {'95% ms':>8}  why"]
        for step, seconds in self.seconds.items():
            refused = self.refused.get(step, Counter())
            number, ordered = refused.total(), sorted(seconds)
            mean = sum(ordered) / len(ordered) * 1000
            high = ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)] * 1000
            why = ", ".join(f"{code} {count}" for code, count in refused.most_common())
            lines.append(f"{step:24} {len(ordered) - number:6} {number:8} {mean:8.0f} {high:8.0f}  {why}".rstrip())
        return lines


class Rest:
    """Requests to one server; each thread has its own connection."""

    def __init__(self, url: str, tally: Tally) -> None:
        parts = urlsplit(url)
        self.secure, self.host = parts.scheme == "https", parts.netloc
        self.tally, self.local = tally, threading.local()

    def get(self, token: str, path: str, *, step: str) -> Any:
        """The answer to a GET of /api/v1/`path`."""
        return self._send(token, "GET", path, None, {}, step)

    def post(self, token: str, path: str, body: dict[str, Any] | None = None, *, step: str, key: str = "") -> Any:
        """The answer to a POST; `key` is its Idempotency-Key, a new one by default. Raises Refusal."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": key or uuid.uuid4().hex}
        return self._send(token, "POST", path, json.dumps(body or {}, default=str).encode(), headers, step)

    def upload(self, token: str, path: str, fields: dict[str, str], files: dict[str, tuple[str, bytes]]) -> Any:
        """The answer to a POST with files, as a form sends them."""
        mark = uuid.uuid4().hex
        parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
        parts += [
            f'name="{name}"; filename="{title}"\r\nContent-Type: text/csv\r\n\r\n'.encode() + content
            for name, (title, content) in files.items()
        ]
        body = b"".join(f"--{mark}\r\nContent-Disposition: form-data; ".encode() + part + b"\r\n" for part in parts)
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}", "Idempotency-Key": mark}
        return self._send(token, "POST", path, body + f"--{mark}--\r\n".encode(), headers, "import")

    def _send(self, token: str, method: str, path: str, body: bytes | None, headers: dict[str, str], step: str) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json", "Accept-Language": "en", **headers}
        begun = time.monotonic()
        status, content = self._ask(method, f"/api/v1/{path}", body, headers)
        answer = json.loads(content) if content else {}
        error = answer.get("error", {}) if status >= 400 else {}
        code = _code_of(error) or (f"http_{status}" if status >= 400 else "")
        self.tally.note(step, time.monotonic() - begun, code)
        if status >= 400:
            raise Refusal(status, code, f"{error.get('message', '')} {error.get('fields') or ''}".strip())
        return answer

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        for attempt in range(1, ATTEMPTS + 1):
            connection = self._connection()
            try:
                connection.request(method, path, body, headers)
                response = connection.getresponse()
                return response.status, response.read()
            except (http.client.HTTPException, ConnectionError, TimeoutError):
                connection.close()
                self.local.connection = None
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    def _connection(self) -> http.client.HTTPConnection:
        found = getattr(self.local, "connection", None)
        if found is None:
            kind = http.client.HTTPSConnection if self.secure else http.client.HTTPConnection
            found = self.local.connection = kind(self.host, timeout=TIMEOUT)
        return found


def _code_of(error: dict[str, Any]) -> str:
    """The code of an answer that says no; of bad input with the first field that is wrong."""
    code = str(error.get("code", ""))
    for name, found in (error.get("fields") or {}).items():
        return f"{code} {name}:{found[0]['code']}"
    return code
