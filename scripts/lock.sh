#!/bin/sh
# Resolve the dependencies anew into two lock files with hashes, for all platforms and
# Python versions that pyproject.toml allows. No index host is written.
set -eu
compile() {
    # --no-strip-extras: pip looks for the newest "coverage[toml]" and refuses it, having no
    # hash for it, unless the lock names that extra beside its version.
    uv pip compile --no-strip-extras --quiet --upgrade --universal --python-version 3.11 \
        --generate-hashes --no-header --no-annotate --no-emit-index-url \
        pyproject.toml --group build "$@"
}
served="--extra app --extra analysis --extra service --extra database"
# shellcheck disable=SC2086 # several words on purpose
compile $served --extra sources --extra osm --extra scale --extra test --extra lint --extra bench \
    --output-file requirements-test.lock
# shellcheck disable=SC2086
compile $served --constraint requirements-test.lock --output-file requirements-app.lock
