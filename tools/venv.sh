#!/bin/sh
# Make .venv with the first Python that will do: 3.11 if there is one (the
# version the pins are tested on), else any later one.
set -eu

for python in python3.11 python3 python; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        found=$python
        break
    fi
done

if [ -z "${found:-}" ]; then
    echo "Multilevel Lab needs Python 3.11 or later: install it, then run make again." >&2
    exit 1
fi

# Debian ships venv apart from Python.
if ! "$found" -c 'import ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
    else
        echo "This Python has no venv module: install it (Debian, Ubuntu: apt install python3-venv)." >&2
        exit 1
    fi
fi

"$found" -m venv .venv
