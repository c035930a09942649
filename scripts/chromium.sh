#!/bin/sh
# Find a Chromium for the browser tests, or install Debian's where we may.
# Without one the tests say so and skip; with CI=true they fail (tests/browser/conftest.py).
set -u
[ -n "${ATLAS_CHROMIUM:-}" ] && exit 0
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium for the browser tests (once) ..."
    log=$(mktemp)
    if { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y chromium; } >"$log" 2>&1; then
        rm -f "$log"
        exit 0
    fi
    tail -n 5 "$log" >&2
fi
echo "No Chromium found: the browser tests will be skipped." >&2
echo "Install it (Debian: sudo apt install chromium) or set ATLAS_CHROMIUM=/path/to/chrome." >&2
exit 0
