#!/usr/bin/env bash
# GET /graph/concepts/{slug}/learning-path with the graph in PostgreSQL and over Bolt (ArcadeDB stands in for Neo4j), for
# 10³ and 10⁵ concepts with five prerequisites each. All hang together: each concept needs five of the fifty before it, so
# that the thousandth's path has a thousand steps, with the rest of the graph behind it, and the last one's has all. Also
# times `content graph copy`, which brings the graph over. Needs an optimised build of content; BENCH_BINARIES,
# BENCH_REQUESTS, BENCH_SIZES may be set.
set -euo pipefail
cd "$(dirname "$0")/.."
export LYCEUM_DATA=$PWD/.local/learning-paths
source deploy/native/lib.sh

binaries=${BENCH_BINARIES:-.build/release}
requests=${BENCH_REQUESTS:-50}
read -r -a sizes <<<"${BENCH_SIZES:-1000 100000}"
[[ -x $binaries/content ]] || die "learning-paths: $binaries/content is not built"

LYCEUM_PORT_BASE=$(free_port_base 8)
export LYCEUM_PORT_BASE LOG_LEVEL=warning INTERNAL_SECRET
INTERNAL_SECRET=$(random_secret)
graph=$LYCEUM_DATA/bolt
services=()
stop() {
    ((${#services[@]} == 0)) || kill "${services[@]}" 2>/dev/null || true
    wait
    deploy/native/bolt.sh stop "$graph"
    deploy/native/postgres.sh stop
    rm -rf "$LYCEUM_DATA"
}
trap stop EXIT
rm -rf "$LYCEUM_DATA"

deploy/native/postgres.sh start
# Its package is kept where tests look for it, too.
databases=()
for size in "${sizes[@]}"; do databases+=("bench$size"); done
LYCEUM_DATA=$PWD/.local BOLT_HEAP=2g deploy/native/bolt.sh start "$LYCEUM_PORT_BASE" "$graph" "${databases[@]}"
bolt=$(deploy/native/bolt.sh url "$graph")

prepare() {
    local database=bench$1 extension
    deploy/native/postgres.sh psql postgres -c "CREATE DATABASE $database"
    for extension in citext pg_trgm unaccent; do
        deploy/native/postgres.sh psql "$database" -c "CREATE EXTENSION $extension SCHEMA public"
    done
    DATABASE_URL=$(deploy/native/postgres.sh url "$database")
    GRAPH_URL=$bolt/$database
    export DATABASE_URL GRAPH_URL
    "$binaries/content" migrate >/dev/null
    deploy/native/postgres.sh psql "$database" <<-SQL
		SET search_path = content;
		INSERT INTO concepts (slug, title, summary)
		SELECT 'concept-' || n, 'Concept ' || n, 'What is to be understood about ' || n FROM generate_series(1, $1) n;
		INSERT INTO prerequisites (concept_id, needs_id)
		SELECT c.id, c.id - 1 - (n * 7 + c.id * 13) % least(50, c.id - 1)
		  FROM concepts c, generate_series(1, 5) n
		 WHERE c.id > 1
		    ON CONFLICT DO NOTHING;
		ANALYZE;
	SQL
}

# serve STORE PORT: with the graph in that store.
serve() {
    local url=$GRAPH_URL
    [[ $1 == bolt ]] || url=
    GRAPH_URL=$url PORT=$2 "$binaries/content" serve >"$LYCEUM_DATA/content-$1.log" 2>&1 &
    services+=($!)
    until curl -fsS -o /dev/null "http://127.0.0.1:$2/ready" 2>/dev/null; do
        kill -0 "${services[-1]}" || die "content does not start: $(tail -n 5 "$LYCEUM_DATA/content-$1.log")"
    done
}

# times URL COUNT: of each of so many requests in milliseconds, after as many that don't count.
times() {
    local i
    for ((i = 0; i < 2 * $2; i++)); do curl -fsS -o /dev/null -w '%{time_total}\n' "$1"; done |
        tail -n "$2" | awk '{ print $1 * 1000 }' | sort -n
}

# measure SIZE LINKS STORE PORT NUMBER COUNT: the path of the concept of that number.
measure() {
    local url=http://127.0.0.1:$4/graph/concepts/concept-$5/learning-path steps
    steps=$(curl -fsS "$url" | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["items"]))')
    times "$url" "$6" >"$LYCEUM_DATA/times"
    printf '%-9s %-13s %-9s %6s %8.1f ms %8.1f ms\n' "$1" "$2" "$3" "$steps" \
        "$(sed -n "$((($6 + 1) / 2))p" "$LYCEUM_DATA/times")" "$(sed -n "$((($6 * 95 + 99) / 100))p" "$LYCEUM_DATA/times")"
}

printf '%-9s %-13s %-9s %6s %11s %11s\n' concepts prerequisites store steps median p95
for size in "${sizes[@]}"; do
    prepare "$size"
    links=$(deploy/native/postgres.sh psql "bench$size" -c 'SELECT count(*) FROM content.prerequisites')
    start=$SECONDS
    "$binaries/content" graph copy --from postgres --to bolt >"$LYCEUM_DATA/copy.log"
    copied=$((SECONDS - start))
    services=()
    serve postgres $((LYCEUM_PORT_BASE + 2))
    serve bolt $((LYCEUM_PORT_BASE + 3))
    for store in postgres bolt; do
        port=$((LYCEUM_PORT_BASE + 2))
        [[ $store == postgres ]] || port=$((port + 1))
        measure "$size" "$links" "$store" "$port" 1000 "$requests"
        ((size == 1000)) || measure "$size" "$links" "$store" "$port" "$size" 3
    done
    kill "${services[@]}"
    wait "${services[@]}" || true
    services=()
    say "copied and compared in $copied s: $(tail -n 1 "$LYCEUM_DATA/copy.log")"
done
