# shellcheck shell=bash disable=SC2154 # what it does not set is fixture.sh's
# New versions of each service, good and bad, under load. Sourced by steps.sh.

deployment_under_load() {
    local service
    for service in "${services[@]}"; do
        under_load "deployment of $service" "$service" production deploy/deploy.sh --no-backup --tag 2 "$service"
        [[ $(version_of "$service") == 2 ]] || fail "$service is at $(version_of "$service")"
    done
    check "a deployment touches no other service's containers, and never the one that has the port"
}

rollback_under_load() {
    local service
    for service in "${services[@]}"; do
        under_load "rollback of $service" "$service" production deploy/rollback.sh "$service"
        [[ $(version_of "$service") == 1 ]] || fail "$service is at $(version_of "$service")"
    done
    check "nor does a rollback"
    if production deploy/rollback.sh content; then fail "a second rollback went forward again"; fi
    [[ $(version_of content) == 1 ]] || fail "content is at $(version_of content)"
    check "a second one does not go forward again"
}

# under_load WHAT SERVICE COMMAND…: it succeeds, no request fails, and no container of another service is touched.
under_load() {
    local before
    before=$(containers_but_of "$2")
    start_load
    "${@:3}"
    no_request_failed "$1"
    [[ $(containers_but_of "$2") == "$before" ]] || fail "$1: other containers run than before"
}

containers_but_of() {
    local other
    for other in "${services[@]}" port postgres minio neo4j; do [[ $other == "$1" ]] || containers "$other"; done
}

version_of() { docker inspect --format '{{.Config.Image}}' "$(containers "$1" | head -n 1)" | sed 's/.*://'; }

failing_deployment_under_load() {
    local service before
    for service in content gateway; do
        before=$(docker ps -q --no-trunc --filter label=com.docker.compose.project=lyceum-test | sort)
        start_load
        if production deploy/deploy.sh --no-backup --tag ill "$service"; then fail "a version that is never healthy was deployed"; fi
        no_request_failed "a deployment of $service that never gets healthy"
        [[ $(docker ps -q --no-trunc --filter label=com.docker.compose.project=lyceum-test | sort) == "$before" ]] ||
            fail "other containers run than before"
    done
    check "they were rolled back by themselves, the old containers never stopped"
}

# The first of two is deployed with other settings when the second fails.
several_services_go_back() {
    local told
    { cat "$work/prod.env" && echo LOG_LEVEL=debug; } >"$work/other.env"
    start_load
    if told=$(production env "LYCEUM_ENV_FILE=$work/other.env" deploy/deploy.sh --no-backup --tag ill auth content); then
        fail "a version that is never healthy was deployed"
    fi
    no_request_failed "a deployment of two services whose second fails"
    [[ $told == *'Putting auth back: ill → 1'* && $(version_of auth) == 1 && $(version_of content) == 1 ]] || fail "not all went back: $told"
    is_one_version auth || fail "two versions of auth run"
    docker inspect --format '{{.Config.Env}}' "$(containers auth | head -n 1)" | grep -q LOG_LEVEL=debug && fail "auth has not the settings of before"
    check "what was deployed in the same run goes back, with the settings of before"
}

interrupted_deployment() {
    local before told=$work/interrupted status=0
    before=$(containers content)
    start_load
    # What follows "exec" gets the signal itself.
    production exec deploy/deploy.sh --no-backup --tag 2 content >"$told" 2>&1 &
    eventually 60 grep -q "started beside" "$told"
    kill -HUP $!
    wait $! || status=$?
    no_request_failed "a deployment that is interrupted while the new replicas start"
    [[ $status == 130 && $(containers content) == "$before" ]] || fail "ended with $status: $(<"$told")"
    [[ $(tail -n 1 "$work/state/history") == *$'\tdeploy\tcontent\t2\t1\tinterrupted' ]] || fail "the history does not tell"
    # At the end the new ones may have the service already, or all of it may be done.
    start_load
    production exec deploy/deploy.sh --no-backup --tag 2 content >"$told" 2>&1 &
    eventually 90 grep -q '^CONTENT_TAG=2' "$work/state/versions"
    kill -TERM $!
    wait $! || true
    no_request_failed "one that is interrupted while the old replicas end"
    is_one_version content || fail "several versions of content: $(<"$told")"
    grep -q "^CONTENT_TAG=$(version_of content)$" "$work/state/versions" || fail "not the version that is recorded: $(<"$told")"
    check "an interrupted deployment leaves one version, and tells which"
    [[ $(version_of content) == 1 ]] || production deploy/rollback.sh content
}

# With no container left of another version.
is_one_version() {
    [[ $(docker ps -a --filter label=com.docker.compose.project=lyceum-test --filter label=com.docker.compose.oneoff=False \
        --filter "label=com.docker.compose.service=$1" --format '{{.Image}}' | sort -u | wc -l) == 1 ]]
}

deployment_beside_a_stopped_replica() {
    docker stop -t 30 "$(containers content | head -n 1)" >/dev/null
    start_load
    production deploy/deploy.sh --no-backup --tag 2 content
    no_request_failed "a deployment beside a stopped replica"
    [[ $(version_of content) == 2 && $(containers content | wc -l) == 2 ]] || fail "not two replicas of 2"
    is_one_version content || fail "the stopped one is still there"
    check "a stopped replica counts neither as new nor as old"
    production deploy/rollback.sh content
}

gateways_come_and_go_under_load() {
    start_load
    production deploy/scale.sh gateway 3
    [[ $(containers gateway | wc -l) == 3 ]] || fail "not 3 gateways"
    production deploy/scale.sh gateway 1
    no_request_failed "three gateways, then one"
    [[ $(containers gateway | wc -l) == 1 ]] || fail "not one gateway"
    # Clients that come meanwhile wait.
    docker stop -t 30 "$(containers gateway)" >/dev/null
    local answer=$work/answer
    curl -s -m 60 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/knowledge" >"$answer" &
    sleep 1
    docker start "$(docker ps -aq --filter label=com.docker.compose.project=lyceum-test \
        --filter label=com.docker.compose.service=gateway)" >/dev/null
    wait $!
    [[ $(<"$answer") == 200 ]] || fail "who waited while no gateway ran got $(<"$answer")"
    check "who calls while no gateway runs waits, and is served by the next"
    local holder
    holder=$(containers port)
    docker stop "$holder" >/dev/null
    is_refused 'port       is NOT held' deploy/status.sh
    docker start "$holder" >/dev/null
    # Not by docker kill, which the engine takes for the end that is wanted.
    docker run --rm --pid host debian:12.12-slim \
        sh -c "kill -9 $(docker inspect --format '{{.State.Pid}}' "$(containers port)")"
    eventually 60 answers "$port" /knowledge
    check "the port is killed, comes back, and is found by the gateway"
}

the_port_moves_once() {
    local told
    told=$(production deploy/deploy.sh --no-backup --tag before gateway)
    [[ $told == *"goes to another container"* ]] || fail "it was not said that the port is closed: $told"
    [[ ! $(containers port) && $(docker port "$(containers gateway)" 8080) == 127.0.0.1:$port ]] || fail "the gateway has no port"
    if production deploy/deploy.sh --no-backup --tag ill gateway; then fail "a version that is never healthy was deployed"; fi
    [[ $(version_of gateway) == before && ! $(containers port) ]] || fail "it is not as it was"
    answers "$port" /knowledge || fail "the gateway before holders does not answer again"
    check "a gateway from before there were holders comes back when its successor fails"
    told=$(production deploy/deploy.sh --no-backup --tag 1 gateway)
    [[ $told == *"goes to another container"* ]] || fail "it was not said that the port is closed: $told"
    [[ $(docker port "$(containers port)" 8080) == 127.0.0.1:$port ]] || fail "the port is not held"
    answers "$port" /knowledge || fail "nothing answers"
    check "and gives its port to a holder, once, saying so"
}

# By the gateway itself, with a certificate of a name that this host does not have.
tls_at_the_gateway() {
    local folder=$work/state/configuration with_tls=(production env "LYCEUM_ENV_FILE=$work/tls.env")
    make_production_settings
    { cat "$work/prod.env" && printf 'TLS_%s\n' CERTIFICATE=/etc/lyceum/certificate.pem KEY=/etc/lyceum/key.pem; } >"$work/tls.env"
    make_certificate "$folder"
    is_refused 'deploy it first' env "LYCEUM_ENV_FILE=$work/tls.env" deploy/scale.sh gateway 2
    [[ $(containers gateway | wc -l) == 1 ]] || fail "the second gateway is still there"
    "${with_tls[@]}" deploy/deploy.sh --no-backup --tag 1 gateway
    speaks_tls "$folder/certificate.pem" || fail "it does not speak TLS"
    "${with_tls[@]}" deploy/deploy.sh --no-backup --tag 2 content
    "${with_tls[@]}" deploy/rollback.sh content
    "${with_tls[@]}" deploy/status.sh
    check "services are deployed behind TLS"
    make_certificate "$folder"
    eventually 60 speaks_tls "$folder/certificate.pem"
    check "a new certificate is taken without a restart"
    production deploy/deploy.sh --no-backup --tag 1 gateway
    answers "$port" /knowledge || fail "nothing answers without TLS"
    rm "$folder"/{certificate,key}.pem
}

make_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=school.example.org \
        -addext subjectAltName=DNS:school.example.org -keyout "$1/key.new" -out "$1/certificate.new" 2>/dev/null
    # The services' user, as the manual says.
    chown 10001 "$1/key.new"
    mv "$1/key.new" "$1/key.pem"
    mv "$1/certificate.new" "$1/certificate.pem"
}

# speaks_tls CERTIFICATE
speaks_tls() {
    [[ $(curl -s -m 5 -o /dev/null -w '%{http_code}' --cacert "$1" --resolve "school.example.org:$port:127.0.0.1" \
        "https://school.example.org:$port/knowledge") == 200 ]]
}

the_port_is_elsewhere() {
    local other=127.0.0.1:$((port + 7)) holder
    holder=$(containers port)
    production env "LYCEUM_PUBLISH=$other" deploy/deploy.sh --no-backup --tag 1 content
    check "until the gateway is deployed, it is asked where it is"
    docker run -d --rm --name lyceum-test-squatter -p "$other:1" debian:12.12-slim sleep 300 >/dev/null
    is_refused "$other can't be published" env "LYCEUM_PUBLISH=$other" deploy/deploy.sh --no-backup --tag 1 gateway
    docker rm -f lyceum-test-squatter >/dev/null
    [[ $(containers port) == "$holder" ]] || fail "another container has the port"
    check "where somebody else has the new port, the old one stays"
    production env "LYCEUM_PUBLISH=$other" deploy/deploy.sh --no-backup --tag 1 gateway
    answers $((port + 7)) /knowledge || fail "nothing answers at $other"
    production deploy/deploy.sh --no-backup --tag 1 gateway
    answers "$port" /knowledge || fail "nothing answers at $port"
    check "it is published elsewhere, and back"
}

crashing_deployment() {
    local before
    before=$(containers content)
    is_not_deployed crashing "it crashes"
    is_not_deployed misconfigured "does not accept its settings"
    is_not_deployed graphless "does not reach all that it needs"
    is_not_deployed nowhere "there is no image"
    [[ $(containers content) == "$before" ]] || fail "other containers run than before"
    check "versions that crash, refuse their settings, do not reach their graph or do not exist change nothing"
}

bad_and_destructive_migrations() {
    local before
    before=$(containers content)
    is_not_deployed badmigration "its migration failed"
    is_not_deployed destructive "takes something away"
    [[ $(containers content) == "$before" ]] || fail "other containers run than before"
    answers "$port" /knowledge || fail "content does not answer"
    check "a migration that fails, and one that takes something away, are refused; the old version serves"
    production deploy/deploy.sh --no-backup --allow-destructive --tag destructive content
    production deploy/rollback.sh content
    check "the flag lets it through"
}

# is_not_deployed TAG REASON: this version of content.
is_not_deployed() { is_refused "$2" deploy/deploy.sh --no-backup --tag "$1" content; }
