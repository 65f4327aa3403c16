#!/usr/bin/env bash
# What content does for readers and teachers: reading by id against FastAPI + SQLAlchemy + asyncpg (Benchmarks/peers/),
# lists and search at 10³ and at BENCH_ROWS rows, rows of a bulk load per second, and learning paths in both stores
# (learning-paths.sh). The service that is measured has one core, PostgreSQL and the load the other; alternating
# runs, medians. Needs optimised builds of content and auth, wrk and python3-venv; BENCH_BINARIES, BENCH_SECONDS,
# BENCH_RUNS, BENCH_PORT, BENCH_ROWS, BENCH_BULK_ROWS, BENCH_SIZES and PGBIN may be set.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${BENCH_SECONDS:-5}
runs=${BENCH_RUNS:-3}
port=${BENCH_PORT:-22300}
rows=${BENCH_ROWS:-1000000}
bulk_rows=${BENCH_BULK_ROWS:-200000}
binaries=${BENCH_BINARIES:-.build/release}
pgbin=${PGBIN:-$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -1)}
home=$PWD/.local/bench-content
tools=$PWD/.local/bench-content-peer
server_core=0 load_core=1
[ "$(nproc)" -ge 2 ] || load_core=0

die() {
    printf 'bench-content: %s\n' "$*" >&2
    exit 1
}
for program in "$binaries/content" "$binaries/auth"; do [ -x "$program" ] || die "$program is not built"; done
for tool in wrk curl python3; do command -v "$tool" > /dev/null || die "$tool is missing"; done
if [ ! -x "$tools/bin/uvicorn" ]; then
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet -r Benchmarks/peers/content/requirements.txt
fi

# PostgreSQL refuses to run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

pids=()
stop() {
    for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
    pids=()
    wait 2> /dev/null || true
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
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=512MB -c max_wal_size=8GB" \
    start > /dev/null
export DATABASE_URL=postgres://lyceum@127.0.0.1:$port/postgres
psql() { command psql -X -q -t -A -v ON_ERROR_STOP=1 "$DATABASE_URL" "$@"; }
psql -c 'CREATE EXTENSION citext SCHEMA public' -c 'CREATE EXTENSION pg_trgm SCHEMA public' \
    -c 'CREATE EXTENSION unaccent SCHEMA public'

# As many event loops as there are cores for it, which NIO finds out by itself in a container.
export NIO_SINGLETON_GROUP_LOOP_COUNT=1
export LOG_LEVEL=error AUTH_URL=http://127.0.0.1:$((port + 1)) INTERNAL_SECRET
INTERNAL_SECRET=$(od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n')
url=http://127.0.0.1:$((port + 2)) peer_url=http://127.0.0.1:$((port + 3))
start() {
    "$binaries/$1" migrate > /dev/null 2>&1
    PORT=$2 taskset -c "$server_core" "$binaries/$1" serve > "$home/$1.log" 2>&1 &
    pids+=($!)
    until curl -fsS -o /dev/null "http://127.0.0.1:$2/ready" 2> /dev/null; do
        kill -0 "${pids[-1]}" || { cat "$home/$1.log" >&2; exit 1; }
    done
}
start auth $((port + 1))
"$binaries/auth" seed > /dev/null 2>&1
start content $((port + 2))
taskset -c "$server_core" "$tools/bin/uvicorn" --app-dir Benchmarks/peers/content app:app --host 127.0.0.1 \
    --port $((port + 3)) --no-access-log --log-level warning > "$home/peer.log" 2>&1 &
pids+=($!)
token=$(curl -fsS "$AUTH_URL/auth/login" -H 'Content-Type: application/json' \
    -d '{"email":"teacher@example.org","password":"lyceum-demo-1"}' |
    sed 's/.*"access_token":"\([^"]*\)".*/\1/')
until curl -fsS -o /dev/null -H "Authorization: Bearer $token" "$url/content/trash" 2> /dev/null; do :; done

# Words as in a language: few of them are most of the text.
psql <<- 'SQL'
	SET search_path = content, public;
	INSERT INTO knowledge (title, default_language, created_by)
	SELECT 'Bench ' || n, 'en', gen_random_uuid() FROM generate_series(1, 100) AS n;
	INSERT INTO chapters (knowledge_id, chapter_id, title, position)
	SELECT k.id, 'c' || n, 'Chapter', n FROM knowledge k, generate_series(1, 100) AS n;
	CREATE TABLE bench_text AS
	SELECT n, string_agg(substr(translate(md5(word::text), '0123456789', 'ghijklmnop'), 1, 4 + word % 7), ' ') AS text
	  FROM (SELECT i / 40 AS n, (power(random(), 3) * 20000)::integer AS word FROM generate_series(0, 799999) AS i) AS w
	 GROUP BY n;
	ALTER TABLE bench_text ADD PRIMARY KEY (n);
SQL
# grow TO: adds items up to that id.
grow() {
    psql -v to="$1" <<- 'SQL'
		SET search_path = content, public;
		SET synchronous_commit = off;
		SET maintenance_work_mem = '512MB';
		DROP INDEX edtech_content_search, edtech_content_title, edtech_content_title_words;
		INSERT INTO edtech_content (
		       knowledge_id, chapter_id, language, content_type, title, body, format, status, created_by, updated_by)
		SELECT 1 + i % 100, 'c' || 1 + i / 100 % 100, (ARRAY['en', 'de', 'fr', 'pl'])[1 + i / 10000 % 4], 't' || i / 40000,
		       left(t.text, 30), b.text, 'plain', 'published', k.created_by, k.created_by
		  FROM generate_series((SELECT count(*)::integer FROM edtech_content), :to - 1) AS i
		  JOIN knowledge AS k ON k.id = 1
		  JOIN bench_text AS t ON t.n = hashint4(i) & 16383
		  JOIN bench_text AS b ON b.n = hashint4(i + 7) & 16383
		 ORDER BY i;
		CREATE INDEX edtech_content_search ON edtech_content USING gin (search);
		CREATE INDEX edtech_content_title ON edtech_content USING gin (title gin_trgm_ops);
		CREATE INDEX edtech_content_title_words ON edtech_content USING gin (ts_filter(search, '{a}'));
		VACUUM ANALYZE edtech_content;
	SQL
}

median() { printf '%s\n' "$@" | sort -n | awk '{v[NR]=$1} END {print v[int((NR + 1) / 2)]}'; }
# measure URL FILE CONNECTIONS: requests a second and the median of their milliseconds, for the paths of the file.
measure() {
    PATHS=$2 taskset -c "$load_core" wrk -t 1 -c "$3" -d "${seconds}s" -s Benchmarks/content.lua "$1" > "$home/wrk.log"
    awk '/^RESULT/ {if ($4 > 0) {print "errors: " $4 > "/dev/stderr"; exit 1} print $2, $3}' "$home/wrk.log"
}
# report LABEL FILE CONNECTIONS: content alone.
report() {
    local rates=() times=() rate time
    for _ in $(seq "$runs"); do
        read -r rate time < <(measure "$url" "$2" "$3")
        rates+=("$rate") times+=("$time")
    done
    printf '%-58s %10s %10s\n' "$1" "$(median "${rates[@]}")" "$(median "${times[@]}")"
}
# compare LABEL FILE CONNECTIONS GOAL: content and the peer in turns.
compare() {
    local own=() peers=() rate time a b
    for _ in $(seq "$runs"); do
        read -r rate time < <(measure "$url" "$2" "$3") && own+=("$rate")
        read -r rate time < <(measure "$peer_url" "$2" "$3") && peers+=("$rate")
    done
    a=$(median "${own[@]}") b=$(median "${peers[@]}")
    printf '%-58s %10s %10s %7s %7s\n' "$1" "$a" "$b" "$(awk "BEGIN {printf \"%.1f\", $a / $b}")" "$4"
}

readers() {
    psql -c "SELECT '/content/' || id FROM content.edtech_content ORDER BY random() LIMIT 500" > "$home/items"
    echo "/content" > "$home/list"
    psql -c "SELECT '/content?knowledge_id=' || n || '&language=' || l FROM generate_series(1, 50) AS n,
        unnest('{en,de,fr,pl}'::text[]) AS l" > "$home/filtered"
    psql -c "SELECT '/content?q=' || substr(translate(md5(n::text), '0123456789', 'ghijklmnop'), 1, 4 + n % 7)
        FROM generate_series(100, 8000, 40) AS n" > "$home/search"
    sed 's/$/\&language=en\&knowledge_id=7/' "$home/search" > "$home/scoped"
    psql -c "SELECT '/content?q=' || substr(translate(md5(n::text), '0123456789', 'ghijklmnop'), 1, 4 + n % 7)
        FROM generate_series(1, 5) AS n" > "$home/frequent"
    # Titles without the fourth letter of each word, so that only similar ones are found.
    psql -c "SELECT '/content?q=' || replace(regexp_replace(title, '(\w{3})\w', '\1', 'g'), ' ', '+')
        FROM content.edtech_content ORDER BY random() LIMIT 100" > "$home/misspelt"
}

grow 1000
readers
for attempt in $(seq 100); do
    curl -fsS -o /dev/null "$peer_url$(head -n 1 "$home/items")" 2> /dev/null && break
    [ "$attempt" -lt 100 ] || { tail -n 20 "$home/peer.log" >&2; die "the peer does not answer"; }
    sleep 0.1
done
printf '%-58s %10s %10s %7s %7s\n' "readers, requests per second" "ours" "peer" "ratio" "goal"
compare "GET /content/{id}, 32 connections" "$home/items" 32 10
compare "GET /content, 20 of a list, 32 connections" "$home/list" 32 "-"

for count in 1000 "$rows"; do
    [ "$count" -le 1000 ] || { grow "$count" && readers; }
    printf '\n%-58s %10s %10s\n' "with $count texts" "per second" "ms (p50)"
    report "GET /content/{id}, 32 connections" "$home/items" 32
    report "GET /content?knowledge_id=&language=, 8 connections" "$home/filtered" 8
    report "GET /content?q=, 8 connections" "$home/search" 8
    report "GET /content?q=&language=&knowledge_id=, 8 connections" "$home/scoped" 8
    report "GET /content?q= of the most frequent words, 1 connection" "$home/frequent" 1
    report "GET /content?q= of misspelt words, 1 connection" "$home/misspelt" 1
done

printf '\n%-58s %10s\n' "teachers" "per second"
python3 - "$bulk_rows" > "$home/bulk" <<- 'PYTHON'
	import json, sys
	for n in range(int(sys.argv[1])):
	    print(json.dumps(dict(knowledge_id=1 + n % 100, chapter_id=f"c{1 + n // 100 % 100}", language="sv",
	                          content_type=f"b{n // 10000}", title=f"Row {n}", body="A half is one of two equal parts.",
	                          status="published")))
PYTHON
milliseconds() { date +%s%3N; }
for what in "inserted" "unchanged"; do
    begin=$(milliseconds)
    taskset -c "$load_core" curl -fsS "$url/content/bulk" -H "Authorization: Bearer $token" \
        -H 'Content-Type: application/x-ndjson' -T "$home/bulk" -X POST > "$home/answer"
    end=$(milliseconds)
    grep -q "\"$what\":$bulk_rows" "$home/answer" || die "the load answered $(head -c 300 "$home/answer")"
    printf '%-58s %10s\n' "POST /content/bulk, small rows, $what" $((bulk_rows * 1000 / (end - begin)))
done

# Learning paths have servers of their own.
stop
printf '\n'
BENCH_BINARIES=$binaries Benchmarks/learning-paths.sh
