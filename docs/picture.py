"""Draws docs/agreement.png: a page of the report as Chromium shows it.

    python docs/picture.py

The page is made by the program from the graph. README shows the picture, so it is committed; draw
it again when pages look different.
"""

import subprocess
import tempfile
from pathlib import Path

from onehealthkg.graph import load

PICTURE = Path(__file__).with_name("agreement.png")
AGREEMENT = "agreement-anses-inserm-2020"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]


def draw(picture: Path) -> None:
    """Write the picture of the agreement's page."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.html")
        page.write_bytes(load().export("html", only=AGREEMENT))
        command = [
            "chromium",
            *FLAGS,
            f"--user-data-dir={folder}/profile",
            "--window-size=1000,900",
        ]
        subprocess.run(
            [*command, f"--screenshot={picture}", page.as_uri()], check=True, capture_output=True
        )


if __name__ == "__main__":
    draw(PICTURE)
