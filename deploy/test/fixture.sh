# shellcheck shell=bash
# The images and stacks that the steps try, and the load that they bear. Sourced.

port=${LYCEUM_TEST_PORT:-23700}
# Where the load finds the gateway.
gateway_host=127.0.0.1
work=$(realpath -m .local/test-deploy)
# shellcheck disable=SC2034 # for run.sh
cache=$(realpath -m "${LYCEUM_CACHE:-.local/stand-ins}")
services=(auth content media analytics gateway)
read -ra swift <<<"${LYCEUM_SWIFT:-swift}"

check() { printf '✓ %s\n' "$*"; }

fail() {
    printf '✗ %s\n' "$*"
    exit 1
}

# eventually SECONDS COMMAND…
eventually() {
    local deadline=$((SECONDS + $1))
    until "${@:2}"; do
        ((SECONDS < deadline)) || fail "not within $1 s: ${*:2}"
        sleep 0.3
    done
}

# --- Images ------------------------------------------------------------------------------------------------------

build() {
    DOCKER_BUILDKIT=1 docker build -q ${SSL_CERT_FILE:+--secret "id=certificates,src=$SSL_CERT_FILE"} "$@" >/dev/null
}

# Each service as version 1 and 2.
build_services() {
    local service version
    for service in "${services[@]}"; do
        for version in 1 2; do
            build -f deploy/Dockerfile --build-arg BINARIES=prebuilt --build-arg SERVICE="$service" \
                --build-arg VERSION=$version -t "lyceum-test/$service:$version" .
        done
    done
    build -f deploy/backup/Dockerfile --build-arg CONTENT_IMAGE=lyceum-test/content:1 -t lyceum-test/backup:1 \
        -t lyceum-test/backup:2 deploy/backup
}

# Versions that must never serve anybody, and a gateway that knows no holder of its port.
build_faulty() {
    local service
    for service in content gateway; do
        printf '%s\n' "FROM lyceum-test/$service:1" 'HEALTHCHECK --interval=1s --retries=2 CMD ["/bin/false"]' |
            build -t "lyceum-test/$service:ill" -
    done
    # One that is well beside one that is not.
    docker tag lyceum-test/auth:1 lyceum-test/auth:ill
    printf '%s\n' 'FROM lyceum-test/content:1' 'ENV PORT=999999' | build -t lyceum-test/content:misconfigured -
    scripted gateway before <<-'SCRIPT'
		unset PORT_HOLDER
		case $* in hold-port*) exit 64 ;; esac
	SCRIPT
    scripted content crashing <<-'SCRIPT'
		case $* in serve) sleep 1; echo "it crashes"; exit 3 ;; esac
	SCRIPT
    scripted content graphless <<-'SCRIPT'
		case $* in serve) unset GRAPH_URL_FILE; export GRAPH_URL=bolt://neo4j:wrong@127.0.0.1:1/neo4j ;; esac
	SCRIPT
    scripted content badmigration <<-'SCRIPT'
		case $* in
			*--sql*) echo "pending late"; echo "ALTER TABLE content ADD COLUMN x int"; exit ;;
			migrate*) echo "syntax error" >&2; exit 1 ;;
		esac
	SCRIPT
    scripted content destructive <<-'SCRIPT'
		case $* in *--sql*) echo "pending late"; echo "ALTER TABLE chapters DROP COLUMN title"; exit ;; esac
	SCRIPT
}

# scripted SERVICE TAG: version 1 behind the script given, which may do what the service would not; the rest is its own.
scripted() {
    local folder=$work/scripted
    mkdir -p "$folder"
    { printf '#!/bin/sh\n' && cat && printf 'exec lyceum "$@"\n'; } >"$folder/script"
    chmod 755 "$folder/script"
    printf '%s\n' "FROM lyceum-test/$1:1" 'COPY script /script' 'ENTRYPOINT ["/script"]' 'CMD ["serve"]' >"$folder/Dockerfile"
    build -t "lyceum-test/$1:$2" "$folder"
}

# --- The two stacks ----------------------------------------------------------------------------------------------

development() {
    local program
    read -ra program <<<"$LYCEUM_COMPOSE"
    LYCEUM_IMAGES=lyceum-test LYCEUM_PORT=$((port + 1)) MAILPIT_PORT=$((port + 2)) GATEWAY_TAG=1 AUTH_TAG=1 CONTENT_TAG=1 \
        MEDIA_TAG=1 ANALYTICS_TAG=1 BINARIES=prebuilt \
        "${program[@]}" -p lyceum-test-dev --env-file "$work/dev.env" "$@"
}

# Where all scripts find their stack.
production() {
    export LYCEUM_STATE=$work/state LYCEUM_PROJECT=lyceum-test LYCEUM_IMAGES=lyceum-test \
        LYCEUM_PUBLISH=127.0.0.1:$port LYCEUM_ENV_FILE=$work/prod.env LYCEUM_ENGINE=compose
    make_production_settings
    "$@"
}

# is_refused REASON SCRIPT…: it fails, and says so.
is_refused() {
    local told
    if told=$(production "${@:2}" 2>&1); then fail "not refused: ${*:2}"; fi
    grep -q "$1" <<<"$told" || fail "refused for another reason: $told"
}

make_production_settings() {
    [[ ! -f $work/prod.env ]] || return 0
    sed "s/^BCRYPT_COST=.*/BCRYPT_COST=10/; s/^SHUTDOWN_GRACE=.*/SHUTDOWN_GRACE=20/
        s|^PUBLIC_URL=.*|PUBLIC_URL=http://127.0.0.1:$port|" .env.prod.example >"$work/prod.env"
}

# The stack's networks go with its last container; one that outlives its swarm is in the way of the next.
end_swarm() {
    local deadline=$((SECONDS + 60))
    docker stack rm lyceum-test-swarm
    while docker network ls --format '{{.Name}}' | grep -q '^lyceum-test-swarm_' && ((SECONDS < deadline)); do sleep 0.5; done
    docker swarm leave --force
    rm "$work/swarm-begun"
}

remove_everything() {
    development down -v --remove-orphans || true
    # A swarm that somebody else has begun is left alone.
    if [[ -e $work/swarm-begun ]]; then
        end_swarm || true
    fi
    docker rm -fv lyceum-test-registry || true
    local container volume network
    for container in $(docker ps -aq --filter label=com.docker.compose.project=lyceum-test) \
        $(docker ps -aq --filter label=com.docker.compose.project=lyceum-test-scratch); do
        docker rm -f "$container"
    done
    for volume in $(docker volume ls -q | grep -E '^lyceum-test'); do docker volume rm "$volume"; done
    for network in $(docker network ls --format '{{.Name}}' | grep -E '^lyceum-test'); do docker network rm "$network"; done
    rm -rf "$work/state" "$work/swarm" "$work/dev.env" "$work/prod.env"
}

# --- Load --------------------------------------------------------------------------------------------------------

start_load() {
    python3 deploy/test/load.py "http://$gateway_host:$port" 8 "$work/load" &
    load=$!
    sleep 2
}

stop_load() {
    [[ ${load-} ]] || return 0
    kill "$load" 2>/dev/null || true
    wait "$load" || true
    load=
}

# Ends the load; not one request of it may have failed.
no_request_failed() {
    stop_load
    local requests failures
    read -r requests failures <"$work/load"
    if ((failures)); then
        tail -n +2 "$work/load"
        fail "$1: $failures of $requests requests failed"
    fi
    ((requests > 100)) || fail "$1: only $requests requests were made"
    check "$1: $requests requests, none failed"
}

# --- What is asked of a stack ------------------------------------------------------------------------------------

# end_to_end PORT: Tests/EndToEnd, called through the gateway of a stack that has the demonstration data's accounts.
end_to_end() {
    local told=$work/end-to-end-$1.log
    TEST_PLATFORM_URL=http://127.0.0.1:$1 "${swift[@]}" test --skip-build --filter '^EndToEnd\.EndToEnd/' 2>&1 | tee "$told"
    local passed skipped
    passed=$(grep -c ' Test ".*" .*passed after' "$told") || fail "no test has run"
    skipped=$(grep -c ' Test ".*" skipped' "$told") || true
    check "Tests/EndToEnd: $passed tests passed, $skipped were skipped for want of processes of their own, or of PyJWT"
}

containers() {
    docker ps -q --no-trunc --filter label=com.docker.compose.project=lyceum-test \
        --filter "label=com.docker.compose.service=$1" --filter label=com.docker.compose.oneoff=False | sort
}

answers() { [[ $(curl -s -m 5 -o /dev/null -w '%{http_code}' "http://$gateway_host:$1$2") == 200 ]]; }

# All services, and not just one of them.
is_ok() { curl -s -m 5 "http://$gateway_host:$1/health" | grep -q '"status":"ok"}$'; }

is_healthy() { [[ $(docker inspect --format '{{.State.Health.Status}}' "$1") == healthy ]]; }
