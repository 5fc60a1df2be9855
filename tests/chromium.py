"""A real Chromium for the tests of pages, driven over a pipe with its own protocol.

https://chromedevtools.github.io/devtools-protocol/ , so that its console, its network log, its
layout and its printing are what is tested. .ci/run installs it.
"""

import json
import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"
HIDDEN = """[...document.querySelectorAll('%s')]
    .filter(one => !one.checkVisibility({opacityProperty: true, visibilityProperty: true})
        || ![...one.getClientRects()].some(box => box.width > 2 && box.height > 2))
    .map(one => one.textContent)"""

# Every text on the page that has too little contrast with what is behind it, and how much it has:
# https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
PALE = """
(() => {
  const parts = colour => colour.match(/[0-9.]+/g).map(Number);
  const light = colour => parts(colour).slice(0, 3)
    .map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = element => {
    for (; element; element = element.parentElement) {
      const colour = getComputedStyle(element).backgroundColor;
      if (parts(colour)[3] !== 0) return colour;
    }
    throw Error("nothing is behind it");
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), pale = [];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim()) continue;
    const [dark, bright] = [getComputedStyle(element).color, behind(element)]
      .map(light).sort((one, other) => one - other);
    const ratio = (bright + 0.05) / (dark + 0.05);
    if (ratio < 4.5) pale.push([texts.currentNode.data, ratio]);
  }
  return pale;
})()
"""

FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


class Chromium:
    """A browser with one tab; ``events`` is all that it has reported since the tab was opened."""

    def __init__(self, profile: Path) -> None:
        theirs_in, self.to = os.pipe()
        self.from_, theirs_out = os.pipe()
        # Chromium reads its orders from descriptor 3 and answers on 4.
        wiring = f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}'
        options = [*FLAGS, f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"]
        self.process = subprocess.Popen(
            ["bash", "-c", wiring, "bash", "chromium", *options],
            pass_fds=(theirs_in, theirs_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self.unread, self.calls, self.tab = b"", 0, ""
        self.events: list[dict[str, Any]] = []
        targets = self.send("Target.getTargets")["targetInfos"]
        target = next(one["targetId"] for one in targets if one["type"] == "page")
        self.tab = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Audits", "Accessibility"):
            self.send(f"{domain}.enable")

    def read(self) -> dict[str, Any]:
        while b"\0" not in self.unread:
            assert select.select([self.from_], [], [], 60)[0], "Chromium says nothing."
            got = os.read(self.from_, 1 << 16)
            assert got, "Chromium has ended."
            self.unread += got
        message, _, self.unread = self.unread.partition(b"\0")
        return json.loads(message)

    def send(self, method: str, **params: object) -> dict[str, Any]:
        self.calls += 1
        session = {"sessionId": self.tab} if self.tab else {}
        order = {"id": self.calls, "method": method, "params": params, **session}
        os.write(self.to, json.dumps(order).encode() + b"\0")
        while True:
            message = self.read()
            if message.get("id") == self.calls:
                assert "error" not in message, message
                return message["result"]
            self.events.append(message)

    def open(self, text: str, folder: Path, width: int = 1280) -> None:
        """Opens a page from a file, and waits until it and all that it may ask for are there."""
        file = folder / "page.html"
        file.write_text(text, encoding="utf-8")
        self.send("Page.navigate", url="about:blank")
        self.load(file, width)
        self.run("new Promise(done => setTimeout(done, 200))")

    def load(self, page: Path, width: int = 1280) -> None:
        """Loads a page from a file, in a window of a width."""
        self.visit(page.as_uri(), width)

    def visit(self, url: str, width: int = 1280) -> None:
        """Loads the page at an address, in a window of a width."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=800,
            deviceScaleFactor=1,
            mobile=False,
        )
        self.events.clear()
        self.send("Page.navigate", url=url)
        self.wait()

    def wait(self) -> None:
        """Waits until the page that was requested last is loaded."""
        while not self.reported("Page.loadEventFired"):
            self.events.append(self.read())

    def press(self, key: str, *, shift: bool = False) -> None:
        """Presses a key: Tab, Enter, or a letter."""
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        codes = {"Tab": 9, "Enter": 13, "ArrowDown": 40, "Escape": 27}
        for kind in ("keyDown", "keyUp"):
            self.send(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                text=text if kind == "keyDown" else "",
                windowsVirtualKeyCode=codes.get(key, 0),
                modifiers=8 if shift else 0,
            )

    def run(self, script: str) -> Any:
        answer = self.send(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def reported(self, *methods: str) -> list[dict[str, Any]]:
        return [one["params"] for one in self.events if one["method"] in methods]

    def requests(self) -> list[str]:
        """The requests of the page, except those that its policy has blocked."""
        failed = self.reported("Network.loadingFailed")
        stopped = {one["requestId"] for one in failed if one.get("blockedReason") == "csp"}
        asked = self.reported("Network.requestWillBeSent")
        return [one["request"]["url"] for one in asked if one["requestId"] not in stopped]

    def complaints(self) -> list[dict[str, Any]]:
        """Errors and warnings of the console, and violations of the page's policy."""
        return self.reported(
            *("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"),
            "Audits.issueAdded",
        )

    def close(self) -> None:
        self.tab = ""
        self.send("Browser.close")
        self.process.wait(30)
        os.close(self.to)
        os.close(self.from_)


def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """One browser, for a fixture to yield from; without Chromium the test is skipped, but not in CI."""
    if shutil.which("chromium") is None and os.environ.get("CI") != "true":
        pytest.skip("needs chromium")
    browser = Chromium(tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.close()
