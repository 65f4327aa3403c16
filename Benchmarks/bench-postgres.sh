#!/usr/bin/env bash
# One row by primary key: Shared/Postgres with 64 tasks on 8 connections against pgbench -S -M prepared -c 8, in one run.
# PostgreSQL has one core, the load the other; three alternating runs of each, medians. Needs an optimised build of
# PostgresBenchmark; PGBIN, BENCH_SECONDS, BENCH_RUNS and BENCH_PORT may be set.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${BENCH_SECONDS:-5}
runs=${BENCH_RUNS:-3}
port=${BENCH_PORT:-54390}
pgbin=${PGBIN:-$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)}
program=${BENCH_PROGRAM:-.build/release/PostgresBenchmark}
home=$PWD/.local/bench-postgres
[ -x "$program" ] || { echo "bench-postgres: $program is not built" >&2; exit 1; }
server_core=0 load_core=1
[ "$(nproc)" -ge 2 ] || load_core=0

# PostgreSQL refuses to run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

stop() {
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
as_postgres taskset -c "$server_core" "$pgbin/pg_ctl" -D "$home/data" -l "$home/log" -w \
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=128MB" start > /dev/null
url=postgres://lyceum@127.0.0.1:$port/postgres
"$pgbin/pgbench" -i -q -s 1 "$url" 2> /dev/null

peer() { taskset -c "$load_core" "$pgbin/pgbench" -n -S -M prepared -c 8 -j 1 -T "$seconds" "$url" | awk '/^tps/ {print int($3)}'; }
ours() { taskset -c "$load_core" "$program" --url "$url" --tasks 64 --connections 8 --seconds "$seconds"; }
median() { printf '%s\n' "$@" | sort -n | awk '{v[NR]=$1} END {print v[int((NR + 1) / 2)]}'; }

peers=() own=()
for _ in $(seq "$runs"); do
    peers+=("$(peer)")
    own+=("$(ours)")
done
a=$(median "${own[@]}") b=$(median "${peers[@]}")
printf '%-48s %10s %10s %7s %7s\n' "one row by primary key, per second" "ours" "pgbench" "ratio" "goal"
printf '%-48s %10s %10s %7s %7s\n' "Shared/Postgres, 64 tasks, 8 connections" "$a" "$b" \
    "$(awk "BEGIN {printf \"%.2f\", $a / $b}")" "1.10"
printf 'runs: ours %s; pgbench %s\n' "${own[*]}" "${peers[*]}"
