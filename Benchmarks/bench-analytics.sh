#!/usr/bin/env bash
# POST /analytics/events, 100 events each, against psql's COPY of the same rows, in one run. The peer's table is a copy of
# learning_events, with its partition and index, and a key on the id: what it takes at least to count each event once.
# The service has one core, PostgreSQL and the load the other; three alternating runs of each, medians. Needs optimised
# builds of analytics and auth; BENCH_BINARIES, BENCH_SECONDS, BENCH_RUNS, BENCH_PORT and PGBIN may be set.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${BENCH_SECONDS:-5}
runs=${BENCH_RUNS:-3}
port=${BENCH_PORT:-54395}
binaries=${BENCH_BINARIES:-.build/release}
pgbin=${PGBIN:-$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -1)}
home=$PWD/.local/bench-analytics
for program in "$binaries/analytics" "$binaries/auth"; do
    [ -x "$program" ] || { echo "bench-analytics: $program is not built" >&2; exit 1; }
done
command -v wrk > /dev/null || { echo "bench-analytics: wrk is missing" >&2; exit 1; }
server_core=0 load_core=1
[ "$(nproc)" -ge 2 ] || load_core=0

# PostgreSQL refuses to run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

services=()
stop() {
    [ ${#services[@]} = 0 ] || kill "${services[@]}" 2> /dev/null || true
    wait
    as_postgres "$pgbin/pg_ctl" -D "$home/data" -m immediate stop > /dev/null 2>&1 || true
    rm -rf "$home"
}
trap stop EXIT

rm -rf "$home"
mkdir -p "$home"
if [ "$(id -u)" = 0 ]; then
    chown postgres "$home"
    # A checkout below /root is out of its reach.
    as_postgres test -w "$home" || { rmdir "$home" && home=$(mktemp -d) && chown postgres "$home"; }
fi
as_postgres "$pgbin/initdb" -D "$home/data" -U lyceum --auth=trust -E UTF8 --locale=C.UTF-8 -N > /dev/null
as_postgres taskset -c "$load_core" "$pgbin/pg_ctl" -D "$home/data" -l "$home/log" -w \
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=256MB -c max_wal_size=4GB" \
    start > /dev/null
export DATABASE_URL=postgres://lyceum@127.0.0.1:$port/postgres
psql() { command psql -X -q -t -A -v ON_ERROR_STOP=1 "$DATABASE_URL" "$@"; }
psql -c 'CREATE EXTENSION citext SCHEMA public' -c 'CREATE EXTENSION pg_trgm SCHEMA public' \
    -c 'CREATE EXTENSION unaccent SCHEMA public'

export LOG_LEVEL=warning AUTH_URL=http://127.0.0.1:$((port + 1)) INTERNAL_SECRET
INTERNAL_SECRET=$(od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n')
url=http://127.0.0.1:$((port + 2))
start() {
    "$binaries/$1" migrate > /dev/null 2>&1
    PORT=$2 taskset -c "$server_core" "$binaries/$1" serve > "$home/$1.log" 2>&1 &
    services+=($!)
    until curl -fsS -o /dev/null "http://127.0.0.1:$2/ready" 2> /dev/null; do
        kill -0 "${services[-1]}" || { cat "$home/$1.log" >&2; exit 1; }
    done
}
start auth $((port + 1))
start analytics $((port + 2))
TOKEN=$(curl -fsS "$AUTH_URL/auth/signup" -H 'Content-Type: application/json' \
    -d '{"email":"bench@example.org","password":"a password of the benchmark"}' |
    sed 's/.*"access_token":"\([^"]*\)".*/\1/')
export TOKEN
until curl -fsS -o /dev/null -H "Authorization: Bearer $TOKEN" "$url/analytics/me" 2> /dev/null; do :; done
psql -c "SET search_path = analytics; SELECT add_learning_events_month('2026-03-01')" > /dev/null

milliseconds() { date +%s%3N; }
events() { psql -c 'SELECT count(*) FROM analytics.learning_events'; }

# Events a second, by how many more there are after.
ours() {
    local before start end
    before=$(events) start=$(milliseconds)
    taskset -c "$load_core" wrk -t 1 -c 8 -d "${seconds}s" -s Benchmarks/analytics-events.lua "$url" > "$home/wrk.log"
    end=$(milliseconds)
    echo $((($(events) - before) * 1000 / (end - start)))
}

# Rows a second.
peer() {
    local rows start end
    psql <<- 'SQL'
		SET search_path = analytics;
		SET client_min_messages = warning;
		DROP TABLE IF EXISTS peer;
		CREATE TABLE peer (LIKE learning_events) PARTITION BY RANGE (occurred_at);
		CREATE TABLE peer_month PARTITION OF peer FOR VALUES FROM ('2026-03-01 00:00+00') TO ('2026-04-01 00:00+00');
		ALTER TABLE peer_month ADD PRIMARY KEY (id);
		CREATE INDEX ON peer (knowledge_id, occurred_at);
	SQL
    psql -c "\\copy (SELECT * FROM analytics.learning_events ORDER BY random() LIMIT 200000) TO '$home/rows'"
    rows=$(wc -l < "$home/rows") start=$(milliseconds)
    taskset -c "$server_core" psql -X -q "$DATABASE_URL" -c "\\copy analytics.peer FROM '$home/rows'"
    end=$(milliseconds)
    echo $((rows * 1000 / (end - start)))
}
median() { printf '%s\n' "$@" | sort -n | awk '{v[NR]=$1} END {print v[int((NR + 1) / 2)]}'; }

own=() peers=()
for _ in $(seq "$runs"); do
    own+=("$(ours)")
    peers+=("$(peer)")
done
a=$(median "${own[@]}") b=$(median "${peers[@]}")
printf '%-48s %10s %10s %7s %7s\n' "learning events, per second" "ours" "COPY" "ratio" "goal"
printf '%-48s %10s %10s %7s %7s\n' "POST /analytics/events, 100 each, 8 connections" "$a" "$b" \
    "$(awk "BEGIN {printf \"%.2f\", $a / $b}")" "0.30"
printf 'runs: ours %s; COPY %s\n' "${own[*]}" "${peers[*]}"
