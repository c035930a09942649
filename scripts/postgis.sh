#!/bin/sh
# Find PostgreSQL with PostGIS for the database tests, or install Debian's where we may.
# The tests start a server of their own: no cluster is made here, none is started.
# Without it the tests say so and skip; with CI=true they fail (tests/database/conftest.py).
set -u
[ -n "${ATLAS_POSTGRES:-}" ] && exit 0
for library in /usr/lib/postgresql/*/lib/postgis-3.so; do
    [ -f "$library" ] && [ -x "$(dirname "$(dirname "$library")")/bin/initdb" ] && exit 0
done

# The server that is here already, else the newest that PostGIS is packaged for.
release_to_install() {
    for server in /usr/lib/postgresql/*/bin/initdb; do
        [ -x "$server" ] && basename "$(dirname "$(dirname "$server")")"
    done | sort -n | tail -n 1 | grep . && return
    apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' |
        sed -E 's/^postgresql-([0-9]+)-.*/\1/' | sort -n | tail -n 1
}

install_packages() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update || return 1
    release=$(release_to_install)
    [ -n "$release" ] || { echo "There is no package postgresql-NN-postgis-3."; return 1; }
    # A new server would get a cluster that starts at once; one that is here is left alone.
    [ -x "/usr/lib/postgresql/$release/bin/initdb" ] || forbid_cluster
    apt-get install -y "postgresql-$release" "postgresql-$release-postgis-3"
}

settings=/etc/postgresql-common/createcluster.d
forbid_cluster() {
    mkdir -p "$settings" && echo "create_main_cluster = false" >"$settings/raumatlas-tests.conf"
}
allow_cluster() {
    rm -f "$settings/raumatlas-tests.conf"
    rmdir "$settings" 2>/dev/null
}

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing PostgreSQL with PostGIS for the database tests (once) ..."
    log=$(mktemp)
    install_packages >"$log" 2>&1
    result=$?
    allow_cluster
    if [ "$result" = 0 ]; then
        rm -f "$log"
        exit 0
    fi
    tail -n 5 "$log" >&2
fi
echo "No PostgreSQL with PostGIS found: the database tests will be skipped." >&2
echo "Install them (Debian: sudo apt install postgresql-15-postgis-3) or set" >&2
echo "ATLAS_POSTGRES=/path/to/the/folder/of/initdb." >&2
exit 0
