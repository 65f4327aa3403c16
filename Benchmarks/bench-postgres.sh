#!/usr/bin/env bash
# One row by primary key: Shared/Postgres with 64 tasks on 8 connections against pgbench -S -M prepared -c 8, in one run.
# PostgreSQL has one core, the load the other; alternating runs of each, medians.
source "$(dirname "$0")/lib.sh" bench-postgres

need_programs PostgresBenchmark
start_cluster "$server_core" -c shared_buffers=128MB
"$pgbin/pgbench" -i -q -s 1 "$DATABASE_URL" 2> /dev/null

peer() {
    taskset -c "$load_core" "$pgbin/pgbench" -n -S -M prepared -c 8 -j 1 -T "$seconds" "$DATABASE_URL" |
        awk '/^tps/ {print int($3)}'
}
ours() {
    taskset -c "$load_core" "$binaries/PostgresBenchmark" --url "$DATABASE_URL" --tasks 64 --connections 8 \
        --seconds "$seconds"
}

peers=() own=()
for _ in $(seq "$runs"); do
    peers+=("$(peer)")
    own+=("$(ours)")
done
head_row "one row by primary key, per second" pgbench
row "Shared/Postgres, 64 tasks, 8 connections" "$(median "${own[@]}")" "$(median "${peers[@]}")" 1.10
printf 'runs: ours %s; pgbench %s\n' "${own[*]}" "${peers[*]}"
