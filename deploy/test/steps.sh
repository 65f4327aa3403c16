# shellcheck shell=bash
# What deploy/test/run.sh tries, each step with the seconds that it may take. Sourced.
source "$(dirname "${BASH_SOURCE[0]}")/fixture.sh"

# shellcheck disable=SC2034 # for run.sh
steps=(
    both_composes_read_the_files:60
    development_stack_comes_up:300
    development_stack_with_old_compose:180
    production_stack_comes_up:300
    main_job_in_production:300
    containers_are_hardened:60
    services_are_apart:60
    idle_memory_and_start_up:120
    deployment_under_load:600
    rollback_under_load:600
    failing_deployment_under_load:300
    gateways_come_and_go_under_load:240
    the_port_moves_once:240
    crashing_deployment:120
    bad_and_destructive_migrations:180
    killed_replica_under_load:180
    lessons_without_the_graph:180
    memory_limit_kills_one_only:180
    backup_goes_into_an_empty_stack:600
    configuration_comes_back:120
    recovery_to_a_point_in_time:420
    rotated_secrets:400
    swarm_rolls_forward_and_back:600
)

# shellcheck disable=SC2034 # for run.sh; those that must be named, since they take long
optional_steps=(
    dockerfile_compiles:3600
)

# Every service that one version reads out of a file, the other does, too.
both_composes_read_the_files() {
    local program kind
    deploy/up.sh --environment-only "$work/dev.env"
    rm -f "$work"/*.services.first
    for program in "docker compose" docker-compose; do
        if ! $program version >/dev/null 2>&1; then
            check "NOT TRIED: $program, which is not here"
            continue
        fi
        export LYCEUM_COMPOSE=$program
        for kind in development production; do
            "services_of_$kind" | sort >"$work/$kind.services"
            [[ -s $work/$kind.services ]] || fail "$program finds no service in the file for $kind"
            [[ ! -e $work/$kind.services.first ]] || diff "$work/$kind.services.first" "$work/$kind.services" || fail "they differ"
            cp "$work/$kind.services" "$work/$kind.services.first"
        done
        check "$program $($program version --short) reads both files"
    done
}

services_of_development() { development --profile monitoring --profile kratos config --services; }

# As the scripts call it.
services_of_production() { production bash -c 'source deploy/lib.sh && prepare_state && compose config --services'; }

development_stack_comes_up() {
    deploy/up.sh --environment-only "$work/dev.env"
    development up -d
    eventually 60 is_ok $((port + 1))
    check "$LYCEUM_COMPOSE up: all services are healthy"
    [[ $(curl -s -m 5 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$((port + 1))/knowledge") == 200 ]] || fail "no content"
    local service
    for service in auth content media analytics; do development run --rm -T --no-deps "$service" seed </dev/null; done
    curl -s "http://127.0.0.1:$((port + 1))/knowledge" | grep -q '"title"' || fail "no seeded knowledge"
    check "seeded data comes through the gateway"
    LYCEUM_URL=http://127.0.0.1:$((port + 1)) deploy/native/demo.sh
    check "the main job, end to end, with its counts"
    development up -d 2>&1 | grep -q -E 'Recreating' && fail "a second up recreated something"
    check "a second up changes nothing"
    development down -v
}

development_stack_with_old_compose() {
    if ! docker-compose version >/dev/null 2>&1; then
        check "NOT TRIED: docker-compose, which is not here"
        return
    fi
    LYCEUM_COMPOSE=docker-compose
    deploy/up.sh --environment-only "$work/dev.env"
    development up -d
    eventually 60 is_ok $((port + 1))
    check "docker-compose $(docker-compose version --short) up: all services are healthy"
    development down -v
}

production_stack_comes_up() {
    production deploy/deploy.sh --tag 1
    is_ok "$port" || eventually 30 is_ok "$port"
    check "deploy.sh brings up an empty machine"
    production deploy/status.sh
    answers "$port" /docs/swagger-ui-bundle.js || fail "no Swagger UI"
    check "the image of the gateway has Swagger UI"
    local before after
    before=$(docker ps -q | sort)
    production deploy/deploy.sh --dry-run --tag 2
    after=$(docker ps -q | sort)
    [[ $before == "$after" ]] || fail "a dry run changed something"
    check "a dry run changes nothing"
    local refusal
    refusal=$(docker exec -e PGPASSWORD="$(cat "$work/state/secrets/auth_database_password")" "$(containers postgres)" \
        psql -h 127.0.0.1 -U auth -d lyceum -c 'SELECT * FROM content.knowledge' 2>&1) || true
    [[ $refusal == *'permission denied for schema content'* ]] || fail "auth's role and content's schema: $refusal"
    check "a role sees no other schema"
}

main_job_in_production() {
    local role
    for role in teacher admin; do
        docker exec -i "$(containers auth | head -n 1)" lyceum user create "$role@example.org" --role "$role" --stdin <<<lyceum-demo-1
    done
    LYCEUM_URL=http://127.0.0.1:$port deploy/native/demo.sh
    check "the main job, end to end, with its counts"
    production deploy/status.sh | tee "$work/status"
}

containers_are_hardened() {
    local service container hardening
    for service in "${services[@]}"; do
        [[ $(containers "$service") ]] || fail "$service does not run"
        for container in $(containers "$service"); do
            hardening=$(docker inspect --format '{{with .HostConfig}}{{.ReadonlyRootfs}} {{.CapDrop}} {{.SecurityOpt}} {{.Memory}} {{.NanoCpus}} {{.PidsLimit}}{{end}} {{.Config.User}}' "$container")
            [[ $hardening == 'true [ALL] [no-new-privileges:true] 536870912 2000000000 256 lyceum:lyceum' ]] ||
                fail "$service: $hardening"
            docker inspect --format '{{.Config.Env}}' "$container" | grep -qE 'postgres://|SECRET=[^ ]' && fail "$service has a secret in its environment"
            docker exec "$container" lyceum healthcheck >/dev/null || fail "$service: healthcheck"
        done
    done
    hardening=$(docker inspect --format '{{with .HostConfig}}{{.ReadonlyRootfs}} {{.CapDrop}} {{.SecurityOpt}} {{.Memory}} {{.PidsLimit}}{{end}} {{.Config.User}}' "$(containers port)")
    [[ $hardening == 'true [ALL] [no-new-privileges:true] 67108864 64 lyceum:lyceum' ]] || fail "port: $hardening"
    docker inspect --format '{{.Config.Env}}' "$(containers port)" | grep -q SECRET && fail "port has a secret's place in its environment"
    check "read-only, no capabilities, no new privileges, not root, limits for memory, CPU and processes, no secret in the environment"
}

services_are_apart() {
    local published
    published=$(docker ps --filter label=com.docker.compose.project=lyceum-test --format '{{.Label "com.docker.compose.service"}} {{.Ports}}' |
        grep -e '->' | sed 's/127.0.0.1:[0-9]*->/loopback->/')
    [[ $(sort <<<"$published") == "gateway loopback->8080/tcp
port loopback->8080/tcp" ]] || fail "published: $published"
    [[ $(docker port "$(containers port)" 8080) == 127.0.0.1:$port ]] || fail "published elsewhere"
    check "nothing is published but the port, and each gateway's own on loopback"
    docker exec "$(containers gateway | head -n 1)" getent hosts postgres && fail "the gateway finds the database"
    docker exec "$(containers auth | head -n 1)" getent hosts minio && fail "auth finds the object store"
    docker exec "$(containers content | head -n 1)" getent hosts postgres >/dev/null || fail "content does not find its database"
    check "the gateway does not find the database, auth not the object store"
}

# What README states of them.
idle_memory_and_start_up() {
    local service all=() started took
    for service in "${services[@]}" port; do
        mapfile -t -O "${#all[@]}" all < <(containers "$service")
        check "$service: $(containers "$service" | wc -l) × $(memory_of "$service") MB at rest, its image \
$(($(docker image inspect --format '{{.Size}}' "$(docker inspect --format '{{.Image}}' "$(containers "$service" | head -n 1)")") / 1000000)) MB"
    done
    docker stop -t 30 "${all[@]}" >/dev/null
    started=$(date +%s%N)
    printf '%s\n' "${all[@]}" | xargs -n 1 -P "${#all[@]}" docker start >/dev/null
    eventually 60 all_healthy "${all[@]}"
    took=$((($(date +%s%N) - started) / 100000000))
    check "all ${#all[@]} containers are healthy $((took / 10)).$((took % 10)) s after they were started"
    ((took <= 100)) || fail "that is more than 10 s"
}

# The mean of a service's replicas, in whole MB.
memory_of() {
    containers "$1" | xargs docker stats --no-stream --format '{{.MemUsage}}' |
        awk '{ sum += $1 ~ /GiB/ ? $1 * 1024 : $1 ~ /KiB/ ? $1 / 1024 : $1 } END { printf "%.0f\n", sum / NR * 1.048576 }'
}

all_healthy() {
    local container
    for container in "$@"; do is_healthy "$container" || return 1; done
}

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

crashing_deployment() {
    local before
    before=$(containers content)
    if production deploy/deploy.sh --no-backup --tag crashing content; then fail "a version that crashes was deployed"; fi
    if production deploy/deploy.sh --no-backup --tag misconfigured content; then fail "a version with a wrong setting was deployed"; fi
    if production deploy/deploy.sh --no-backup --tag nowhere content; then fail "a version without an image was deployed"; fi
    [[ $(containers content) == "$before" ]] || fail "other containers run than before"
    check "versions that crash, refuse their settings or do not exist change nothing"
}

bad_and_destructive_migrations() {
    local before
    before=$(containers content)
    if production deploy/deploy.sh --no-backup --tag badmigration content; then fail "a version whose migration fails was deployed"; fi
    if production deploy/deploy.sh --no-backup --tag destructive content; then fail "a destructive migration was applied"; fi
    [[ $(containers content) == "$before" ]] || fail "other containers run than before"
    answers "$port" /knowledge || fail "content does not answer"
    check "a migration that fails, and one that takes something away, are refused; the old version serves"
    production deploy/deploy.sh --no-backup --allow-destructive --tag destructive content
    production deploy/rollback.sh content
    check "the flag lets it through"
}

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
    eventually 30 is_degraded
    if production deploy/deploy.sh --no-backup --tag 2 content; then fail "content was deployed without a graph"; fi
    start_graph_again
    no_request_failed "Neo4j stopped and started again"
    [[ $(containers content) == "$before" ]] || fail "other containers run than before"
    check "lessons are served without Neo4j, and no version is deployed meanwhile"
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
is_healthy() { [[ $(docker inspect --format '{{.State.Health.Status}}' "$1") == healthy ]]; }

backup_goes_into_an_empty_stack() {
    production make_some_data
    production deploy/backup.sh --verify
    check "a backup goes into a scratch stack with equal counts and checksums"
    make_backup_key
    BACKUP_RECIPIENT=$recipient production deploy/backup.sh
    ls "$work/state/backups"/20*/database.dump.age >/dev/null || fail "the dump is not encrypted"
    if production deploy/restore.sh --yes; then fail "an encrypted backup was restored without its key"; fi
    LYCEUM_BACKUP_KEY=$work/backup-key production deploy/backup.sh --verify
    check "an encrypted one too, with its key only"
    cp -a "$work/state/backups" "$work/yesterday"
    # Everything is lost but the backup.
    local container volume
    docker ps -aq --filter label=com.docker.compose.project=lyceum-test | xargs -r docker rm -f >/dev/null
    for volume in $(docker volume ls -q | grep -E '^lyceum-test_'); do docker volume rm "$volume" >/dev/null; done
    rm -rf "$work/state"
    mkdir -p "$work/state"
    mv "$work/yesterday" "$work/state/backups"
    LYCEUM_BACKUP_KEY=$work/backup-key LYCEUM_BACKUP_TAG=1 production deploy/restore.sh --yes
    production deploy/deploy.sh --no-backup --tag 1
    eventually 30 is_ok "$port"
    curl -s "http://127.0.0.1:$port/knowledge" | grep -q 'Restored some day' || fail "the data is not there"
    check "yesterday's backup goes into an empty stack, and is served"
}

configuration_comes_back() {
    local token=a-token-of-the-platform
    echo "# my own" >"$work/state/configuration/gateway.yaml"
    printf '%s\n' '-----BEGIN PRIVATE KEY-----' >"$work/state/configuration/tls.pem"
    sed "s/^#TWO_FACTOR_SECRET=/TWO_FACTOR_SECRET=$token/" "$work/prod.env" >"$work/with-secret.env"
    cp "$work/with-secret.env" "$work/state/deployed/environment"
    production deploy/backup.sh
    local newest
    newest=$(production deploy/backup.sh --list | tail -n 1 | cut -d' ' -f1)
    tar -xOf "$work/state/backups/$newest/configuration.tar" | grep -qE "$token|PRIVATE KEY" && fail "a secret is in a backup that all can read"
    tar -tf "$work/state/backups/$newest/configuration.tar" | grep -q secrets && fail "secrets are in a backup that all can read"
    check "settings are in the backup, secrets only when it is encrypted"

    # Another version of a file is there now, one is gone, one is as it was.
    make_backup_key
    BACKUP_RECIPIENT=$recipient production deploy/backup.sh
    export LYCEUM_BACKUP_KEY=$work/backup-key
    mv "$work/prod.env" "$work/saved.env"
    echo "# somebody else's" >"$work/state/configuration/gateway.yaml"
    mv "$work/state/secrets/internal_secret" "$work/internal_secret"
    restore_configuration --dry-run
    [[ ! -e $work/prod.env && ! -e $work/state/secrets/internal_secret && ! -e $work/state/from-backup ]] || fail "a dry run changed something"
    restore_configuration
    grep -q "$token" "$work/prod.env" || fail "the settings did not come back"
    cmp "$work/internal_secret" "$work/state/secrets/internal_secret" || fail "the secret did not come back"
    grep -q "somebody else's" "$work/state/configuration/gateway.yaml" || fail "a file was written over"
    grep -q "my own" "$work/state/from-backup/configuration/gateway.yaml" || fail "the backup's file is not beside"
    restore_configuration --replace
    grep -q "my own" "$work/state/configuration/gateway.yaml" || fail "the file was not replaced"
    grep -q "somebody else's" "$work/state/configuration/gateway.yaml.before" || fail "the file is lost"
    check "it comes back; what is another now is kept until it is to be replaced"
    rm -rf "$work"/state/configuration/* "$work/state/from-backup"
    mv "$work/saved.env" "$work/prod.env"
}

# Without any settings there, as on a new host.
restore_configuration() {
    LYCEUM_STATE=$work/state LYCEUM_IMAGES=lyceum-test LYCEUM_ENV_FILE=$work/prod.env deploy/restore.sh --configuration "$@"
}

recovery_to_a_point_in_time() {
    make_backup_key
    export BACKUP_WAL=yes BACKUP_RECIPIENT=$recipient LYCEUM_BACKUP_KEY=$work/backup-key
    production bash -c 'source deploy/roll.sh && compose up -d --no-deps backup'
    production deploy/backup.sh
    eventually 30 test -e "$work/state/backups/wal/receiving"
    local moment before
    in_content <<<"INSERT INTO knowledge (title, default_language, created_by) VALUES ('Before the mistake', 'en', gen_random_uuid())"
    moment=$(in_content <<<"SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
    before=$(content_sums)
    in_content <<<"INSERT INTO knowledge (title, default_language, created_by) VALUES ('After it', 'en', gen_random_uuid())"
    in_content <<<"SELECT pg_sleep(0.1); DROP TABLE knowledge CASCADE" >/dev/null
    if production deploy/restore.sh --to-time 2001-01-01T00:00:00Z --yes; then fail "a time before all backups was reached"; fi
    if production deploy/restore.sh --to-time "$(date -u -d '1 hour' +%FT%TZ)" --yes; then fail "a time to come was reached"; fi
    [[ $(in_content <<<"SELECT to_regclass('content.knowledge') IS NULL") == t ]] || fail "it is not as it was before"
    check "a time that no log leads to changes nothing"
    production deploy/restore.sh --to-time "$moment" --yes
    [[ $(content_sums) == "$before" ]] || fail "the tables differ from those of $moment: $(diff <(content_sums) <(echo "$before"))"
    is_ok "$port" || fail "not all is served when the restore ends"
    curl -s "http://127.0.0.1:$port/knowledge" | grep -q 'After it' && fail "what came after is there"
    check "all tables are as at the time before one was dropped, to the last row"
    # From there on anew.
    in_content <<<"INSERT INTO knowledge (title, default_language, created_by) VALUES ('After the recovery', 'en', gen_random_uuid())"
    before=$(content_sums)
    production deploy/restore.sh --to-time latest --yes
    [[ $(content_sums) == "$before" ]] || fail "the tables differ from the latest"
    check "and again, to the last that was written, along the new log"
}

in_content() {
    docker exec -i -e PGPASSWORD="$(cat "$work/state/secrets/content_database_password")" \
        "$(containers postgres)" psql -XqAt -h 127.0.0.1 -U content -d lyceum -v ON_ERROR_STOP=1
}

# Services write to their tables by themselves, content least.
content_sums() {
    local table
    for table in knowledge chapters edtech_content content_versions; do
        in_content <<<"SELECT '$table', count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM $table AS t"
    done
}

# The builder stage, too: everything at first, then only what has changed.
dockerfile_compiles() {
    local source=$work/source started
    deploy/test/stand-ins.sh swift
    rm -rf "$source"
    mkdir "$source"
    git ls-files -z | tar -c --null -T - | tar -x -C "$source"
    started=$SECONDS
    build -f "$source/deploy/Dockerfile" --build-arg SERVICE=gateway -t lyceum-test/gateway:compiled "$source"
    check "the Dockerfile compiles the gateway in $((SECONDS - started)) s"
    sed -i 's/The one public port:/The only public port:/' "$source/Services/gateway/GatewayService.swift"
    started=$SECONDS
    build -f "$source/deploy/Dockerfile" --build-arg SERVICE=gateway -t lyceum-test/gateway:compiled "$source"
    check "and after one line has changed in $((SECONDS - started)) s"
    docker run --rm lyceum-test/gateway:compiled --help | grep 'The only public port' || fail "the line has not changed"
    check "the image has $(($(docker image inspect --format '{{.Size}}' lyceum-test/gateway:compiled) / 1000000)) MB"
}

# age ships in the image that backs up.
make_backup_key() {
    docker run --rm --entrypoint age-keygen lyceum-test/backup:1 >"$work/backup-key" 2>"$work/age.log"
    recipient=$(sed -n 's/^# public key: //p' "$work/backup-key")
}

make_some_data() {
    in_content <<<"INSERT INTO knowledge (title, default_language, created_by) VALUES ('Restored some day', 'en', gen_random_uuid())"
}

rotated_secrets() {
    start_load
    production deploy/rotate-secret.sh content
    production deploy/rotate-secret.sh postgres_password
    production deploy/rotate-secret.sh graph_password
    no_request_failed "rotation of passwords"
    # It wants the superuser's, content's and the graph's.
    production deploy/backup.sh
    check "backups know the new passwords"
    production deploy/rotate-secret.sh graph_password
    check "the graph's is another again"
}

swarm_rolls_forward_and_back() {
    # The same machine, without the other stack.
    docker ps -aq --filter label=com.docker.compose.project=lyceum-test | xargs -r docker rm -f >/dev/null
    touch "$work/swarm-begun"
    docker swarm init --advertise-addr 127.0.0.1 >/dev/null
    swarm deploy/deploy.sh --tag 1
    swarm_is_reached
    eventually 60 is_ok "$port"
    check "deploy.sh brings up a Swarm stack"
    start_load
    swarm deploy/deploy.sh --no-backup --tag 2 content
    no_request_failed "Swarm's rolling update of content"
    [[ $(image_in_swarm content) == lyceum-test/content:2 ]] || fail "content is $(image_in_swarm content)"
    start_load
    if swarm deploy/deploy.sh --no-backup --tag ill content; then fail "a version that is never healthy was deployed"; fi
    no_request_failed "an update that fails"
    [[ $(image_in_swarm content) == lyceum-test/content:2 ]] || fail "content is $(image_in_swarm content)"
    check "Swarm rolled the failing update back"
    if has_ipvs; then
        start_load
        swarm deploy/deploy.sh --no-backup --tag 2 gateway
        no_request_failed "Swarm's rolling update of the gateway"
    else
        check "NOT TRIED: Swarm's rolling update of the gateway; its published ports need IPVS, which this kernel lacks"
    fi
    docker swarm leave --force >/dev/null
    rm "$work/swarm-begun"
}

has_ipvs() { [[ -e /proc/net/ip_vs ]]; }

# Swarm passes what comes to a published port on by IPVS. Without it the gateway is asked by its address on this host.
swarm_is_reached() {
    ! has_ipvs || return 0
    gateway_host=$(docker network inspect docker_gwbridge --format \
        '{{range .Containers}}{{.Name}} {{.IPv4Address}}{{"\n"}}{{end}}' | sed -n "s|^gateway_$(sandbox_of gateway) \(.*\)/.*|\1|p")
    [[ $gateway_host ]] || fail "the gateway has no address on this host"
    port=8080
}

sandbox_of() {
    docker inspect --format '{{.NetworkSettings.SandboxID}}' \
        "$(docker ps -q --filter "label=com.docker.swarm.service.name=lyceum-test-swarm_$1" | head -n 1)" | cut -c1-12
}

image_in_swarm() { docker service inspect --format '{{.Spec.TaskTemplate.ContainerSpec.Image}}' "lyceum-test-swarm_$1"; }

# The scripts with a state and a stack of their own. Swarm publishes ports, not addresses with them.
swarm() {
    export LYCEUM_STATE=$work/swarm LYCEUM_PROJECT=lyceum-test-swarm LYCEUM_IMAGES=lyceum-test LYCEUM_PUBLISH=$port \
        LYCEUM_ENV_FILE=$work/prod.env LYCEUM_URL=http://$gateway_host:$port LYCEUM_ENGINE=swarm LYCEUM_CPUS=1
    make_production_settings
    "$@"
}
