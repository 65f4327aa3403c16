#!/usr/bin/env bash
# A graph database that speaks Bolt, on loopback only: ArcadeDB, whose package on PyPI brings its own Java. For tests and
# benchmarks, where Neo4j itself can't be had.
#   bolt.sh install | start PORT FOLDER DATABASE… | stop FOLDER | url FOLDER | compare
# compare: whether Neo4j's own driver, installed beside it, still sends what Tests/BoltGolden holds.
# It listens on PORT, and with its console on PORT + 1; Java takes BOLT_HEAP (768m) at most and as much again beside it.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

python=$data/arcadedb/python
version=26.10.2.post1

install_arcadedb() {
    compgen -G "$python/lib/python3*/site-packages/arcadedb_embedded-$version.dist-info" >/dev/null && return
    say "Installing arcadedb-embedded $version from PyPI into $python; this takes half a minute"
    prepare_data_folder
    rm -rf "$python"
    if ! { python3 -m venv "$python" && "$python/bin/pip" install --quiet --disable-pip-version-check \
        "arcadedb-embedded==$version" 'neo4j==6.4.1'; } >"$data/logs/arcadedb.log" 2>&1; then
        die "arcadedb-embedded could not be installed:
$(tail -n 5 "$data/logs/arcadedb.log")"
    fi
}

is_running() { [[ -s $1/pid ]] && kill -0 "$(<"$1/pid")" 2>/dev/null; }

# wait_until SECONDS COMMAND…
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

is_ready() { grep -q 'ArcadeDB Server started' "$1/server.log" || ! is_running "$1"; }

start() {
    local port=$1 folder=$2 package databases
    shift 2
    is_running "$folder" && return
    install_arcadedb
    if is_taken "$port" || is_taken $((port + 1)); then
        die "Port $port or $((port + 1)), meant for ArcadeDB, is in use."
    fi
    mkdir -p "$folder"
    [[ -s $folder/password ]] || (umask 077 && random_secret >"$folder/password")
    package=$(compgen -G "$python/lib/python3*/site-packages/arcadedb_embedded")
    databases=$(printf '%s[];' "$@")
    say "$port" >"$folder/port"
    (
        close_inherited_files
        cd "$folder"
        exec "$package/jre/bin/java" "-Xmx${BOLT_HEAP:-768m}" "-XX:MaxDirectMemorySize=${BOLT_HEAP:-768m}" \
            -XX:+UseSerialGC -Duser.timezone=UTC -cp "$package/jars/*" \
            -Darcadedb.server.rootPath="$folder" -Darcadedb.server.rootPassword="$(<password)" \
            -Darcadedb.server.plugins=Bolt:com.arcadedb.bolt.BoltProtocolPlugin \
            -Darcadedb.bolt.host=127.0.0.1 -Darcadedb.bolt.port="$port" -Darcadedb.bolt.ssl=DISABLED \
            -Darcadedb.server.httpIncomingHost=127.0.0.1 -Darcadedb.server.httpIncomingPort=$((port + 1)) \
            -Darcadedb.server.defaultDatabases="${databases%;}" com.arcadedb.server.ArcadeDBServer
    ) >"$folder/server.log" 2>&1 &
    say $! >"$folder/pid"
    if ! wait_until 120 is_ready "$folder" || ! is_running "$folder"; then
        stop "$folder"
        die "ArcadeDB did not start; it says why in $folder/server.log"
    fi
}

is_stopped() { ! is_running "$1"; }

stop() {
    is_running "$1" || return 0
    kill "$(<"$1/pid")"
    wait_until 20 is_stopped "$1" || kill -KILL "$(<"$1/pid")"
    rm -f "$1/pid"
}

case ${1-} in
    install) install_arcadedb ;;
    start) start "${2:?name a port}" "$(realpath -m "${3:?name a folder}")" "${@:4}" ;;
    stop) stop "$(realpath -m "${2:?name a folder}")" ;;
    url) say "bolt://root:$(<"${2:?name a folder}/password")@127.0.0.1:$(<"$2/port")" ;;
    compare) "$python/bin/python" Tests/BoltGolden/record.py --check ;;
    *) die "usage: bolt.sh install | start PORT FOLDER DATABASE… | stop FOLDER | url FOLDER | compare" ;;
esac
