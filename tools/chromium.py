"""Where Chromium is, for the browser tests and the screenshots.

The one named by the variable CHROMIUM, else one on the path, else one in the usual places of
macOS and Windows. ``python -m tools.chromium`` prints it; with ``--install`` it is installed
first if there is none, on Debian as root.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = (
    "The browser tests need Chromium: install Chromium or Google Chrome "
    "(Debian: apt install chromium), or name one in the variable CHROMIUM."
)


def find() -> str | None:
    """Find the path of a Chromium, or None."""
    named = os.environ.get("CHROMIUM")
    on_path = (shutil.which(command) for command in (*([named] if named else []), *COMMANDS))
    return next((path for path in on_path if path), None) or next(
        (place for place in PLACES if Path(place).exists()), None
    )


def install() -> None:
    """Install Debian's Chromium, if this is Debian and we may."""
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([apt, "update", "-qq"], check=True, env=environment)
    subprocess.run(
        [apt, "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
        check=True,
        env=environment,
        stdout=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    if find() is None and "--install" in sys.argv:
        install()
    sys.exit(MISSING) if find() is None else print(find())
