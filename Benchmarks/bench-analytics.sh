#!/usr/bin/env bash
# POST /analytics/events, 100 events each, against psql's COPY of the same rows, in one run. The peer's table is a copy of
# learning_events, with its partition and index, and a key on the id: what it takes at least to count each event once.
# The service has one core, PostgreSQL and the load the other; alternating runs of each, medians.
source "$(dirname "$0")/lib.sh" bench-analytics

need_programs analytics auth
need_tools wrk curl
start_cluster "$load_core" -c shared_buffers=256MB -c max_wal_size=4GB
start_service auth $((port + 1)) "$server_core"
start_service analytics $((port + 2)) "$server_core"
url=http://127.0.0.1:$((port + 2))
TOKEN=$(sign_up student)
export TOKEN
until curl -fsS -o /dev/null -H "Authorization: Bearer $TOKEN" "$url/analytics/me" 2> /dev/null; do sleep 0.1; done
query -c "SET search_path = analytics; SELECT add_learning_events_month('2026-03-01')" > /dev/null

events() { query -c 'SELECT count(*) FROM analytics.learning_events'; }

# Events a second, by how many more there are after.
ours() {
    local before start end
    before=$(events) start=$(milliseconds)
    taskset -c "$load_core" wrk -t 1 -c 32 -d "${seconds}s" -s Benchmarks/analytics-events.lua "$url" > "$home/wrk.log"
    end=$(milliseconds)
    echo $((($(events) - before) * 1000 / (end - start)))
}

# Rows a second.
peer() {
    local rows start end
    query <<- 'SQL'
		SET search_path = analytics;
		SET client_min_messages = warning;
		DROP TABLE IF EXISTS peer;
		CREATE TABLE peer (LIKE learning_events) PARTITION BY RANGE (occurred_at);
		CREATE TABLE peer_month PARTITION OF peer FOR VALUES FROM ('2026-03-01 00:00+00') TO ('2026-04-01 00:00+00');
		ALTER TABLE peer_month ADD PRIMARY KEY (id);
		CREATE INDEX ON peer (knowledge_id, occurred_at);
	SQL
    query -c "\\copy (SELECT * FROM analytics.learning_events ORDER BY random() LIMIT 200000) TO '$home/rows'"
    rows=$(wc -l < "$home/rows") start=$(milliseconds)
    taskset -c "$server_core" "$pgbin/psql" -X -q "$DATABASE_URL" -c "\\copy analytics.peer FROM '$home/rows'"
    end=$(milliseconds)
    echo $((rows * 1000 / (end - start)))
}

own=() peers=()
for _ in $(seq "$runs"); do
    own+=("$(ours)")
    peers+=("$(peer)")
done
head_row "learning events, per second" COPY
row "POST /analytics/events, 100 each, 32 connections" "$(median "${own[@]}")" "$(median "${peers[@]}")" 0.30
printf 'runs: ours %s; COPY %s\n' "${own[*]}" "${peers[*]}"
