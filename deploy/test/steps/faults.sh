# shellcheck shell=bash disable=SC2154 # what it does not set is fixture.sh's
# What is killed, stopped or starved. Sourced by steps.sh.

killed_replica_under_load() {
    production deploy/scale.sh content 3
    [[ $(containers content | wc -l) == 3 ]] || fail "not 3 replicas"
    start_load
    local victim
    victim=$(containers content | head -n 1)
    docker kill -s KILL "$victim" >/dev/null
    sleep 8
    no_request_failed "one of three replicas of content killed"
    production deploy/scale.sh content 2
}

lessons_without_the_graph() {
    local before
    before=$(containers content)
    start_load
    docker stop -t 60 "$(containers neo4j)" >/dev/null
    eventually 60 is_degraded
    start_graph_again
    no_request_failed "Neo4j stopped and started again"
    [[ $(containers content) == "$before" ]] || fail "other containers run than before"
    check "lessons are served without Neo4j, and the graph is found again when it is back"
}

# Every replica of content says so, and serves.
is_degraded() {
    local container
    for container in $(containers content); do
        docker exec "$container" /usr/local/bin/lyceum healthcheck | grep -q '"status":"degraded"}' || return 1
    done
    [[ $(curl -s -m 30 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/graph/concepts") == 503 ]]
}

start_graph_again() {
    docker start "$(docker ps -aq --filter label=com.docker.compose.project=lyceum-test \
        --filter label=com.docker.compose.service=neo4j)" >/dev/null
    eventually 60 answers "$port" /graph/concepts
}

memory_limit_kills_one_only() {
    local victim others restarts limit
    victim=$(containers analytics | head -n 1)
    others=$(docker ps -q --no-trunc --filter label=com.docker.compose.project=lyceum-test | grep -v "$victim" | sort)
    restarts=$(docker inspect --format '{{.RestartCount}}' "$victim")
    # A limit just above what it holds now is less than it needs to start.
    for limit in {6..32}; do
        ! docker update --memory "${limit}m" --memory-swap "${limit}m" "$victim" >/dev/null 2>&1 || break
    done
    docker restart -t 1 "$victim" >/dev/null
    eventually 40 restarted_since "$victim" "$restarts"
    docker update --memory 512m --memory-swap 512m "$victim" >/dev/null
    eventually 60 is_healthy "$victim"
    [[ $(docker ps -q --no-trunc --filter label=com.docker.compose.project=lyceum-test | grep -v "$victim" | sort) == "$others" ]] || fail "others were touched"
    check "a container over its memory limit was killed and came back; others ran on"
}

restarted_since() { (($(docker inspect --format '{{.RestartCount}}' "$1") > $2)); }
