"""WebKitGTK under Xvfb, driven over the WebDriver protocol; nothing but the standard library."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

BROWSERS = ("/usr/lib/*/webkit2gtk-4.1/MiniBrowser", "/usr/lib/*/webkit2gtk-4.0/MiniBrowser")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def browser() -> str:
    """WebKitGTK's own small browser."""
    found = [path for pattern in BROWSERS for path in Path("/").glob(pattern[1:])]
    return str(found[0])


class WebKit:
    """One browser with storage of its own; `run` evaluates an async function in the page."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = ["xvfb-run", "-a", "WebKitWebDriver", f"--port={self.port}", "--host=127.0.0.1"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        self.session = self._start()

    def _start(self) -> str:
        options = {"binary": browser(), "args": ["--automation"]}
        wish = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        for _ in range(100):
            with contextlib.suppress(OSError):
                return self.call("POST", "/session", wish)["sessionId"]
            time.sleep(0.2)
        raise TimeoutError("WebKitWebDriver does not answer")

    def call(self, method: str, path: str, body: dict | None = None) -> object:
        """One command; raises RuntimeError with the driver's words."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=90) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from error

    def ask(self, method: str, path: str, body: dict | None = None) -> object:
        """A command of this session."""
        return self.call(method, f"/session/{self.session}{path}", body)

    def goto(self, url: str) -> None:
        """Open an address and wait for it."""
        self.ask("POST", "/url", {"url": url})

    def run(self, function: str, *values: object) -> object:
        """Evaluate a JavaScript function, async or not, with values as its arguments."""
        script = (
            "const done = arguments[arguments.length - 1];"
            f"Promise.resolve(({function})(...[...arguments].slice(0, -1)))"
            ".then((value) => done({ value }), (error) => done({ error: String(error) }));"
        )
        answer = self.ask("POST", "/execute/async", {"script": script, "args": list(values)})
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer.get("value")

    def element(self, selector: str) -> str:
        """The first element that fits."""
        return self.ask("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector: str) -> None:
        """As a finger does: it fails when something lies over the element."""
        self.ask("POST", f"/element/{self.element(selector)}/click", {})

    def write(self, selector: str, text: str) -> None:
        """Key by key; a path into a file input chooses that file."""
        self.ask("POST", f"/element/{self.element(selector)}/value", {"text": text})

    def forget_cookie(self, name: str) -> None:
        """As after signing out."""
        self.ask("DELETE", f"/cookie/{name}")

    def close(self) -> None:
        """End browser, driver and display."""
        with contextlib.suppress(OSError, RuntimeError):
            self.ask("DELETE", "")
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(20)
