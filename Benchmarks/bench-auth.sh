#!/usr/bin/env bash
# What logins, refreshes and checks of tokens cost with 100,000 users and 1,000,000 refresh tokens, against 100 users and
# 1,000 tokens: two services on two databases of one private cluster, asked in turn; medians of all runs. Hashing is made as
# cheap as bcrypt can be (cost 4), so that the rest shows. Works with debug builds too, if BENCH_BINARIES names them;
# BENCH_USERS and BENCH_REQUESTS may be set as well.
source "$(dirname "$0")/lib.sh" bench-auth

many=${BENCH_USERS:-100000}
few=100
requests=${BENCH_REQUESTS:-400}
need_programs auth
need_tools curl python3
start_cluster "$load_core" -c fsync=off -c full_page_writes=off -c max_wal_size=4GB -c shared_buffers=256MB
export BCRYPT_COST=4 LOGIN_FAILURES_PER_ADDRESS=1000000

# fill USERS: ten refresh tokens each, of which one is not used up: base64url of a SHA-256, so that the load knows them.
fill() {
    query -v users="$1" <<- 'SQL'
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

# start USERS PORT: on a database of its own.
start() {
    DATABASE_URL=${DATABASE_URL%/*}/postgres query -c "CREATE DATABASE users_$1"
    DATABASE_URL=${DATABASE_URL%/*}/users_$1
    query -c 'CREATE EXTENSION citext SCHEMA public' -c 'CREATE EXTENSION pg_trgm SCHEMA public'
    start_service auth "$2" "$server_core"
    fill "$1"
}
start "$few" $((port + 1))
start "$many" $((port + 2))

# load USERS PORT RUN
load() { taskset -c "$load_core" python3 Benchmarks/auth-load.py "$2" "$1" "$requests" "$3" >> "$home/$1.times"; }
for run in $(seq "$runs"); do
    load "$few" $((port + 1)) "$run"
    load "$many" $((port + 2)) "$run"
done

# milliseconds_of KIND USERS: the median over all runs.
milliseconds_of() { mapfile -t times < <(awk -v kind="$1" '$1 == kind {print $2}' "$home/$2.times") && median "${times[@]}"; }
head_row "auth with $many users, milliseconds a call" "$few users"
for kind in login refresh check revocations; do
    row "$kind" "$(milliseconds_of "$kind" "$many")" "$(milliseconds_of "$kind" "$few")" 1.00
done
