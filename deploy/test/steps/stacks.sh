# shellcheck shell=bash disable=SC2154 # what it does not set is fixture.sh's
# Both Compose files, and what is in the images and networks. Sourced by steps.sh.

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
        make_production_settings
        cp "$work/prod.env" "$work/issuers.env"
        printf '%s' 'TOKEN_ISSUERS=[{"issuer": "https://school.test", "audience": "lyceum", "keys": "https://school.test/keys",' \
            '"algorithms": ["EdDSA"], "role_claim": "groups", "roles": {"staff": "teacher"}}]' >>"$work/issuers.env"
        [[ $(closed_networks "$work/prod.env") == 4 && $(closed_networks "$work/issuers.env") == 3 ]] ||
            fail "not the services alone have a way to other issuers' keys, or not only then"
        check "$program $($program version --short) reads both files"
    done
}

services_of_development() { development --profile monitoring --profile kratos config --services; }

# As the scripts call it.
services_of_production() { production bash -c 'source deploy/lib.sh && prepare_state && compose config --services'; }

# closed_networks SETTINGS: how many lead nowhere else.
closed_networks() {
    production env "LYCEUM_ENV_FILE=$1" bash -c 'source deploy/lib.sh && prepare_state && compose config' | grep -c 'internal: true'
}

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
    end_to_end $((port + 1))
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
    local told=$work/first-deployment
    production exec deploy/deploy.sh --tag 1 >"$told" 2>&1 &
    eventually 120 grep -q '^content: nothing → 1' "$told"
    kill -TERM $!
    ! wait $! || fail "it was not interrupted"
    production deploy/deploy.sh --tag 1
    is_ok "$port" || eventually 30 is_ok "$port"
    check "deploy.sh brings up an empty machine, and goes on where the first one was interrupted"
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
    is_refused 'stands on postgres minio neo4j' env LYCEUM_FOUNDATION='postgres minio' deploy/backup.sh
    check "nothing is done with other databases than the first deployment had"
}

main_job_in_production() {
    local role
    for role in student teacher admin; do
        docker exec -i "$(containers auth | head -n 1)" lyceum user create "$role@example.org" --role "$role" --stdin <<<lyceum-demo-1
    done
    LYCEUM_URL=http://127.0.0.1:$port deploy/native/demo.sh
    check "the main job, end to end, with its counts"
    production deploy/status.sh | tee "$work/status"
}

end_to_end_tests_in_production() { end_to_end "$port"; }

containers_are_hardened() {
    local service container hardening
    for service in "${services[@]}"; do
        [[ $(containers "$service") ]] || fail "$service does not run"
        for container in $(containers "$service"); do
            hardening=$(docker inspect --format '{{with .HostConfig}}{{.ReadonlyRootfs}} {{.CapDrop}} {{.SecurityOpt}} {{.Memory}} {{.NanoCpus}} {{.PidsLimit}}{{end}} {{.Config.User}}' "$container")
            [[ $hardening == 'true [ALL] [no-new-privileges:true] 536870912 2000000000 256 lyceum:lyceum' ]] ||
                fail "$service: $hardening"
            docker inspect --format '{{.Config.Env}}' "$container" | grep -qE 'postgres://|smtp://|(SECRET|KEY)=[^ ]' && fail "$service has a secret in its environment"
            docker exec "$container" lyceum healthcheck >/dev/null || fail "$service: healthcheck"
        done
    done
    hardening=$(docker inspect --format '{{with .HostConfig}}{{.ReadonlyRootfs}} {{.CapDrop}} {{.SecurityOpt}} {{.Memory}} {{.PidsLimit}}{{end}} {{.Config.User}}' "$(containers port)")
    [[ $hardening == 'true [ALL] [no-new-privileges:true] 67108864 64 lyceum:lyceum' ]] || fail "port: $hardening"
    docker inspect --format '{{.Config.Env}}' "$(containers port)" | grep -q SECRET && fail "port has a secret's place in its environment"
    [[ $(docker inspect --format '{{.HostConfig.ReadonlyRootfs}}' "$(containers postgres)") == true ]] || fail "postgres can write to its root"
    check "read-only, no capabilities, no new privileges, not root, limits for memory, CPU and processes, no secret in the environment"
}

services_are_apart() {
    local published logs
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
    is_refused 'network lyceum-test_services leads outside' env "LYCEUM_ENV_FILE=$work/issuers.env" deploy/deploy.sh --tag 1 content
    check "other issuers are refused where the network does not lead to their keys"
    if production deploy/up.sh --down; then fail "the development stack's script took production down"; fi
    check "make up and make down leave production alone"
    logs=$(production deploy/logs.sh --no-follow --since 1h auth content)
    grep -q '^auth .*"message":"listening"' <<<"$logs" || fail "no log of auth: $logs"
    grep -q '^content ' <<<"$logs" || fail "no log of content"
    check "logs.sh shows the logs of several services"
}

# As the manual says, for other issuers.
network_is_made_anew() {
    local knowledge
    knowledge=$(in_content <<<'SELECT count(*) FROM knowledge')
    docker ps -aq --filter label=com.docker.compose.project=lyceum-test | xargs docker rm -f >/dev/null
    docker network rm lyceum-test_services >/dev/null
    production env "LYCEUM_ENV_FILE=$work/issuers.env" deploy/deploy.sh --no-backup --tag 1
    eventually 30 is_ok "$port"
    [[ $(docker network inspect --format '{{.Internal}}' lyceum-test_services) == false ]] || fail "it leads nowhere"
    [[ $(in_content <<<'SELECT count(*) FROM knowledge') == "$knowledge" ]] || fail "data is missing"
    check "a network made anew leads to other issuers' keys, and all data is there"
    is_refused 'runs with Compose here' env LYCEUM_ENGINE=swarm "LYCEUM_ENV_FILE=$work/issuers.env" deploy/deploy.sh --tag 1
    check "no stack begins on its volumes"
}

# What README states of them.
idle_memory_and_start_up() {
    local service all=() started took
    for service in "${services[@]}" port; do
        mapfile -t -O "${#all[@]}" all < <(containers "$service")
        check "$service: $(containers "$service" | wc -l) × $(memory_of "$service") MB at rest, its image \
$(size_of "$(docker inspect --format '{{.Image}}' "$(containers "$service" | head -n 1)")") MB"
    done
    check "Debian's share of an image: $(size_of "$(sed -n 's/^ARG RUNTIME_IMAGE=//p' deploy/Dockerfile)") MB"
    docker stop -t 30 "${all[@]}" >/dev/null
    started=$(date +%s%N)
    printf '%s\n' "${all[@]}" | xargs -n 1 -P "${#all[@]}" docker start >/dev/null
    eventually 60 all_healthy "${all[@]}"
    took=$((($(date +%s%N) - started) / 100000000))
    check "all ${#all[@]} containers are healthy $((took / 10)).$((took % 10)) s after they were started"
    ((took <= 100)) || fail "that is more than 10 s"
}

# size_of IMAGE, in whole MB.
size_of() { echo $(($(docker image inspect --format '{{.Size}}' "$1") / 1000000)); }

# The mean of a service's replicas, in whole MB.
memory_of() {
    containers "$1" | xargs docker stats --no-stream --format '{{.MemUsage}}' |
        awk '{ sum += $1 ~ /GiB/ ? $1 * 1024 : $1 ~ /KiB/ ? $1 / 1024 : $1 } END { printf "%.0f\n", sum / NR * 1.048576 }'
}

all_healthy() {
    local container
    for container in "$@"; do is_healthy "$container" || return 1; done
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
    check "the image has $(size_of lyceum-test/gateway:compiled) MB"
}
