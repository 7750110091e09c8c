"""Where Caddy is, the proxy of ``deploy/``, for the tests and the benchmarks behind it.

The one named by the variable CADDY, else one on the path, else the one in ``build/caddy``.
``python -m tools.caddy`` prints it; with ``--install`` Debian's package is unpacked there first
if there is none. Nothing is installed in the system, where a package would start a web server.
"""

import os
import shutil
import subprocess
import sys

from tools.server import ROOT

UNPACKED = ROOT / "build" / "caddy"
MISSING = (
    "The tests of deploy/ need Caddy: install it (Debian: apt install caddy; macOS: brew install "
    "caddy), or name one in the variable CADDY."
)


def find() -> str | None:
    """Find the path of a Caddy, or None."""
    named = os.environ.get("CADDY")
    places = (*([named] if named else []), "caddy", str(UNPACKED / "usr" / "bin" / "caddy"))
    return next((path for place in places if (path := shutil.which(place))), None)


def may_install() -> bool:
    """Whether this is Debian and we are root, who may read the list of its packages anew."""
    return shutil.which("apt-get") is not None and hasattr(os, "geteuid") and os.geteuid() == 0


def install() -> None:
    """Fetch Debian's package and unpack it in ``build/caddy``."""
    UNPACKED.mkdir(parents=True, exist_ok=True)
    root = ("-o", "APT::Sandbox::User=root")  # apt's own user may not write here
    subprocess.run(["apt-get", "update", "-qq"], check=True)
    subprocess.run(["apt-get", *root, "download", "-qq", "caddy"], check=True, cwd=UNPACKED)
    (package,) = UNPACKED.glob("*.deb")
    subprocess.run(["dpkg-deb", "--extract", package, UNPACKED], check=True)
    package.unlink()


if __name__ == "__main__":
    if find() is None and "--install" in sys.argv and may_install():
        install()
    print(find() or MISSING)
