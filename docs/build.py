"""Builds the site of the documentation: the pages in docs/, and those made from project files.

    python docs/build.py            # writes build/docs/index.html

Sphinx and MyST make the HTML; every warning is an error, so a link to a missing page or heading
fails the build. ``problems`` then reads the HTML as a browser would: no page may load anything from
another host, and every link within the site must lead somewhere.
"""

import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from picture import draw
from reference import pages

ROOT = Path(__file__).parent.parent
COPIED = {
    "ARCHITECTURE.md": "design.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
}
"""Files at the top of the repository that are pages of the site too."""


def main(output: Path) -> int:
    """Build the site into a folder, print what is wrong with it, and return the exit code."""
    source = output.with_name(f"{output.name}-source")
    prepare(source)
    shutil.rmtree(output, ignore_errors=True)
    strict = ["--fail-on-warning", "--keep-going", "--quiet", "--jobs=1"]
    sphinx = [sys.executable, "-m", "sphinx", "--builder=html", *strict, str(source), str(output)]
    done = subprocess.run(sphinx, check=False)
    wrong = problems(output)
    print("\n".join([*wrong, f"{output}/index.html"]))
    return done.returncode or bool(wrong)


def prepare(source: Path) -> None:
    """Fill a folder with all that Sphinx reads: written and made pages, and the picture."""
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(Path(__file__).parent, source, ignore=shutil.ignore_patterns("*.py", "__*"))
    shutil.copy(Path(__file__).with_name("conf.py"), source)
    for name, page in COPIED.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        for other, address in COPIED.items():
            text = text.replace(f"]({other})", f"]({address})")
        (source / page).write_text(text.replace("](docs/", "]("), encoding="utf-8")
    if shutil.which("chromium"):  # without it, the site has the committed picture
        draw(source / "agreement.png")
    for name, text in pages().items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


class _Page(HTMLParser):
    """The ids of a page, where its links lead, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids, self.links, self.loaded = {"", "top"}, [], []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.ids.add(values.get("id", ""))
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "link" and values.get("rel") not in ("canonical", "index", "search"):
            self.loaded.append(values.get("href", ""))
        elif "src" in values:
            self.loaded.append(values["src"])


def problems(site: Path) -> list[str]:
    """What a reader without a network would miss: things of other hosts, and dead links."""
    found = {
        path: _Page(path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
        if "_static" not in path.parts
    }
    wrong = []
    for path, page in sorted(found.items()):
        name = path.relative_to(site)
        for address in page.loaded:
            if urlsplit(address).netloc:
                wrong.append(f"{name}: loads {address}; keep a copy in the site.")
            elif not (path.parent / unquote(urlsplit(address).path)).exists():
                wrong.append(f"{name}: loads {address}, which is not there.")
        for address in page.links:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.exists():
                wrong.append(f"{name}: the link {address} leads to no page.")
            elif target in found and unquote(parts.fragment) not in found[target].ids:
                wrong.append(f"{name}: the link {address} leads to no heading.")
    return wrong


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "docs"))
