#!/usr/bin/env bash
# What logins, refreshes and checks of tokens cost with 100,000 users and 1,000,000 refresh tokens, against 100 users and
# 1,000 tokens: two services on two databases of one private cluster, asked in turn; medians of at least three runs. Hashing
# is made as cheap as bcrypt can be (cost 4), so that the rest shows. Works with debug and optimised builds; BENCH_BINARIES,
# BENCH_USERS, BENCH_REQUESTS, BENCH_RUNS and BENCH_PORT may be set.
set -euo pipefail
cd "$(dirname "$0")/.."

users=${BENCH_USERS:-100000}
requests=${BENCH_REQUESTS:-400}
runs=${BENCH_RUNS:-3}
binaries=${BENCH_BINARIES:-.build/release}
export LYCEUM_DATA=$PWD/.local/bench-auth LYCEUM_PORT_BASE=${BENCH_PORT:-54380}
few=100
[ -x "$binaries/auth" ] || { echo "bench-auth: $binaries/auth is not built" >&2; exit 1; }

services=()
stop() {
    [ ${#services[@]} = 0 ] || kill "${services[@]}" 2> /dev/null || true
    wait
    deploy/native/postgres.sh kill > /dev/null 2>&1 || true
    rm -rf "$LYCEUM_DATA"
}
trap stop EXIT

rm -rf "$LYCEUM_DATA"
deploy/native/postgres.sh start '-c fsync=off -c full_page_writes=off -c max_wal_size=4GB' > /dev/null
psql() { deploy/native/postgres.sh psql "$@"; }

export LOG_LEVEL=warning BCRYPT_COST=4 LOGIN_FAILURES_PER_ADDRESS=1000000 INTERNAL_SECRET
INTERNAL_SECRET=$(od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n')

# Ten refresh tokens a user, of which one is not used up: base64url of a SHA-256, so that the load knows them.
fill() {
    psql "$1" -v users="$2" <<- 'SQL'
		SET search_path = auth, public;
		INSERT INTO users (id, email, password_hash, role)
		SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'user' || n || '@example.org',
		       '$2b$04$QbFGi/wvqNQX02eZu0YUg.fiXHd7IHDODxxrioHp1QHZHiZNd4kdC', 'student'
		  FROM generate_series(1, :users) AS n;
		INSERT INTO sessions (id, user_id, ip, expires_at)
		SELECT id, id, '127.0.0.1', now() + interval '30 days' FROM users;
		INSERT INTO refresh_tokens (hash, session_id, expires_at, used_at)
		SELECT sha256(convert_to(translate(rtrim(encode(sha256(convert_to('bench-' || n || '-' || k, 'UTF8')), 'base64'), '='),
		                                   '+/', '-_'), 'UTF8')),
		       ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, now() + interval '30 days',
		       CASE WHEN k > 0 THEN now() - interval '1 day' END
		  FROM generate_series(1, :users) AS n, generate_series(0, 9) AS k;
		VACUUM (FREEZE, ANALYZE);
		CHECKPOINT;
	SQL
}

# start DATABASE PORT USERS
start() {
    psql postgres -c "CREATE DATABASE $1"
    for extension in citext pg_trgm; do psql "$1" -c "CREATE EXTENSION $extension SCHEMA public"; done
    DATABASE_URL=$(deploy/native/postgres.sh url "$1")
    export DATABASE_URL
    "$binaries/auth" migrate > /dev/null 2>&1
    fill "$1" "$3"
    PORT=$2 "$binaries/auth" serve > "$LYCEUM_DATA/$1.log" 2>&1 &
    services+=($!)
    until curl -fsS -o /dev/null "http://127.0.0.1:$2/ready" 2> /dev/null; do
        kill -0 "${services[-1]}" || { cat "$LYCEUM_DATA/$1.log" >&2; exit 1; }
    done
}
start few $((LYCEUM_PORT_BASE + 1)) $few
start many $((LYCEUM_PORT_BASE + 2)) "$users"

for run in $(seq "$runs"); do
    for case in few many; do
        if [ "$case" = few ]; then port=$((LYCEUM_PORT_BASE + 1)) count=$few; else port=$((LYCEUM_PORT_BASE + 2)) count=$users; fi
        python3 Benchmarks/auth-load.py "$port" "$count" "$requests" "$run" >> "$LYCEUM_DATA/$case.times"
    done
done

# The median of one kind of call over all runs.
median() { awk -v kind="$2" '$1 == kind {print $2}' "$LYCEUM_DATA/$1.times" | sort -n | awk '{v[NR]=$1} END {print v[int((NR + 1) / 2)]}'; }
printf '%-48s %12s %12s %7s %7s\n' "auth, milliseconds a call" "$few users" "$users users" "ratio" "goal"
for kind in login refresh check revocations; do
    a=$(median few $kind) b=$(median many $kind)
    printf '%-48s %12s %12s %7s %7s\n' "$kind" "$a" "$b" "$(awk "BEGIN {printf \"%.2f\", $b / $a}")" "1.00"
done
