#!/usr/bin/env bash
# Runs every test that can run here against a PostgreSQL cluster, an S3 store and a Bolt server of its own, then says
# which could not.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

set -a
source .env.test
set +a
test_data=$data/test
report=$test_data/report.log

on_test_cluster() { LYCEUM_DATA=$test_data LYCEUM_PORT_BASE=$test_port_base deploy/native/postgres.sh "$@"; }

start_test_cluster() {
    # What a killed run left behind. Without fsync it can't be trusted, so each run makes a new one.
    [[ ! -d $test_data/postgres ]] || stop_everything
    rm -rf "$test_data"
    on_test_cluster start '-c fsync=off -c full_page_writes=off'
    on_test_cluster psql postgres -c 'CREATE DATABASE lyceum_test'
    local extension
    for extension in citext pg_trgm unaccent; do
        on_test_cluster psql lyceum_test -c "CREATE EXTENSION $extension SCHEMA public"
    done
    TEST_DATABASE_URL=$(on_test_cluster url lyceum_test)
    export TEST_DATABASE_URL
}

# Without it, its tests are skipped.
start_objects() {
    # In a shell of its own: where it can't be had, the tests go on without it.
    (deploy/native/objects.sh start $((test_port_base + 7)) "$test_data/objects") || return 0
    TEST_STORAGE_URL=$(deploy/native/objects.sh url "$test_data/objects")
    export TEST_STORAGE_URL
}

# Without it, its tests are skipped.
start_graph() {
    TEST_GRAPH_DATABASES='test1 test2 test3 test4'
    # shellcheck disable=SC2086 # one database a word
    if ! deploy/native/bolt.sh start "$test_port_base" "$test_data/bolt" $TEST_GRAPH_DATABASES; then return; fi
    TEST_GRAPH_URL=$(deploy/native/bolt.sh url "$test_data/bolt")
    export TEST_GRAPH_URL TEST_GRAPH_DATABASES
    deploy/native/bolt.sh compare
}

# The end-to-end suites stop their platform themselves, unless they are killed.
stop_everything() {
    [[ ! -d $test_data/end-to-end/postgres ]] || LYCEUM_DATA=$test_data/end-to-end deploy/native/platform.sh stop
    deploy/native/objects.sh stop "$test_data/objects"
    deploy/native/bolt.sh stop "$test_data/bolt"
    on_test_cluster stop
}

tell_of_skipped() {
    local skipped
    skipped=$(grep -hE '(Test|Suite) .* skipped' "$report" | sed -E 's/^[^A-Za-z]*//' | sort -u || true)
    if [[ -z $skipped ]]; then
        say "No test was skipped."
    else
        say "$(wc -l <<<"$skipped") skipped for want of a component:"
        say "$skipped"
    fi
}

# Servers and clients of other makes that the tests call. Without them the tests that need them are skipped, but not in
# continuous integration.
install_tools() {
    local python=$data/tools/bin/python
    if ! cmp -s Tests/requirements.txt "$data/tools/requirements.txt"; then
        say "Installing from PyPI into $data/tools what Tests/requirements.txt names"
        if ! { python3 -m venv "$data/tools" &&
            "$python" -m pip install --quiet --disable-pip-version-check -r Tests/requirements.txt &&
            cp Tests/requirements.txt "$data/tools/"; }; then
            [[ -z ${CI-} ]] || die "It could not be installed."
            say "It could not be installed; tests that need it are skipped."
            return
        fi
    fi
    export TEST_PYTHON=$python
}

# A browser, and the page that it is to show.
install_browser() {
    command -v chromium >/dev/null || deploy/native/setup.sh install chromium ||
        say "There is no chromium; the test that needs it is skipped."
    export SWAGGER_UI=$data/tools/swagger-ui
    if ! deploy/gateway/swagger-ui.sh "$SWAGGER_UI"; then
        say "Swagger UI could not be fetched; the test that needs it is skipped."
        SWAGGER_UI=
    fi
}

install_tools
install_browser
test_port_base=$(free_port_base 15)
trap stop_everything EXIT
start_test_cluster
start_objects
start_graph
deploy/native/build.sh --build-tests
status=0
run() { swift test --skip-build "$@" 2>&1 | tee -a "$report" || status=$?; }
if (($#)); then
    run "$@"
else
    # Each of these in a process of its own. The gateway's tests wait for connections to close, which programs that other
    # suites start may have inherited. auth's hash passwords and start such programs; the end-to-end suites start all
    # services and kill them under load.
    run --skip 'EndToEnd|GatewayTests|AuthTests'
    run --filter '^GatewayTests'
    run --filter '^AuthTests'
    run --filter EndToEnd
fi
tell_of_skipped
exit "$status"
