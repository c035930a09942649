#!/bin/sh
# Find ogr2ogr, which reads our OGC service as planners do, or install Debian's where we may.
# Without it that one test says so and skips; the others read the service with pyogrio.
set -u
command -v ogr2ogr >/dev/null 2>&1 && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing ogr2ogr for a test of the OGC service (once) ..."
    log=$(mktemp)
    if { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends gdal-bin; } >"$log" 2>&1; then
        rm -f "$log"
        exit 0
    fi
    tail -n 5 "$log" >&2
fi
echo "No ogr2ogr found: one test of the OGC service will be skipped." >&2
echo "Install it: sudo apt install gdal-bin" >&2
exit 0
