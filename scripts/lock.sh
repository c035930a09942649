#!/bin/sh
# Resolve the dependencies anew into two lock files with hashes, for all platforms and
# Python versions that pyproject.toml allows. No index host is written.
set -eu
compile() {
    uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url pyproject.toml --group build "$@"
}
compile --extra app --extra sources --extra osm --extra scale --extra test --extra lint \
    --extra bench --output-file requirements-test.lock
compile --extra app --constraint requirements-test.lock --output-file requirements-app.lock
