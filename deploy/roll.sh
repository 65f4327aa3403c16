# shellcheck shell=bash
# How one service's containers are replaced by others, with Compose and with Swarm. Sourced by deploy.sh and others.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Seconds in which the gateway certainly looks for replicas again.
settling=5
unfinished=()
# The gateway's version before its port went to another container, until that has worked.
moved_from=

is_data_service() { [[ $1 != gateway ]]; }

# A command of one service, in a container that goes when it is done.
run_once() {
    compose run --rm -T --no-deps "$@" </dev/null
}

# migrate SERVICE TAG, as that version wants it.
migrate() {
    local told
    if [[ $(engine) == swarm ]]; then
        swarm_migrate "$1" "$2"
        return
    fi
    told=$(with_tag "$1" "$2" run_once "$1" migrate 2>&1) || {
        say "$told" | tail -n 5
        return 1
    }
    grep -E "^applied" <<<"$told" | sed "s/^/  $1: /" || true
}

# Databases, object store and graph, with roles and bucket. Nothing happens to what is there already.
prepare_foundation() {
    local container part
    [[ $(engine) == compose ]] && ((${#foundation[@]})) || return 0
    compose up -d --no-recreate "${foundation[@]}" >"$state/compose.log" 2>&1 || die "$(cat "$state/compose.log")"
    for part in "${foundation[@]}"; do
        mapfile -t container < <(containers_of "$part")
        await_healthy "${container[@]}" || die "$part did not become healthy"
        case $part in
            postgres) compose_once provision ;;
            minio) compose_once bucket ;;
        esac
    done
}

compose_once() {
    compose run --rm -T --no-deps "$1" </dev/null >"$state/compose.log" 2>&1 || die "$(cat "$state/compose.log")"
}

# roll SERVICE TAG [REPLICAS]: the old ones go when the new ones have proved themselves; else the new ones go.
roll() {
    if [[ $(engine) == swarm ]]; then swarm_roll "$@"; else compose_roll "$@"; fi
}

# --- Compose -----------------------------------------------------------------------------------------------------

compose_roll() {
    local service=$1 tag=$2 count=${3:-$(replicas_of "$1")} old new
    if [[ $service == gateway ]]; then
        if must_move_port "$tag"; then
            move_port "$tag"
            return
        fi
        hold_port "$tag" || {
            roll_back_unfinished
            return 1
        }
    fi
    mapfile -t old < <(containers_of "$service")
    unfinished=("$service" "${old[@]}")
    with_tag "$service" "$tag" compose up -d --no-deps --no-build --no-recreate \
        --scale "$service=$((${#old[@]} + count))" "$service" >"$state/compose.log" 2>&1 || {
        sed 's/^/  /' "$state/compose.log"
        roll_back_unfinished
        return 1
    }
    mapfile -t new < <(newcomers "$service" "${old[@]}")
    say "  $service: ${#new[@]} of $tag started beside ${#old[@]}"
    if ! await_healthy "${new[@]}" || ! try_out "$service" "${new[@]}"; then
        roll_back_unfinished
        return 1
    fi
    unfinished=()
    record "$(tag_name "$service")" "$tag"
    record "$(replicas_name "$service")" "$count"
    drain "${old[@]}"
    say "  $service: ${#new[@]} of $tag run, ${#old[@]} old gone"
}

newcomers() {
    local container
    for container in $(docker ps -aq --filter "label=com.docker.compose.project=$project" \
        --filter "label=com.docker.compose.service=$1" --filter label=com.docker.compose.oneoff=False); do
        [[ " ${*:2} " == *" $container "* ]] || say "$container"
    done
}

# try_out SERVICE NEW…: as users meet it. On the first deployment there is no gateway to ask through yet.
try_out() {
    local container
    [[ $(containers_of gateway) ]] || return 0
    if [[ $1 == gateway ]]; then
        for container in "${@:2}"; do smoke gateway "$(url_of_gateway "$container")" || return 1; done
    else
        # Until it has found the new replicas.
        sleep "$settling"
    fi
    smoke "$1"
}

# Stops them together: each takes nothing new, finishes what runs, then ends.
drain() {
    (($#)) || return 0
    docker stop -t 90 "$@" >/dev/null
    docker rm "$@" >/dev/null
}

roll_back_unfinished() {
    local new
    if ((${#unfinished[@]})); then
        mapfile -t new < <(newcomers "${unfinished[@]}")
        unfinished=()
        drain "${new[@]}"
        ((${#new[@]} == 0)) || say "  the ${#new[@]} new ones are gone again"
    fi
    take_port_back
}

# --- The public port -----------------------------------------------------------------------------------------------

# Only one container can publish a port. So that gateways can run beside their successors, a container has it that never goes,
# and they accept from its queue: docs/decisions/0009-the-port-outlives-the-gateway.md. Swarm has means of its own.

knows_holder() {
    docker run --rm --network none "$(image_of gateway "$1")" hold-port --help >/dev/null 2>&1
}

# Has the port held, when a gateway of this version can do with that. A holder whose settings are the same is left alone;
# it may be of an older version.
hold_port() {
    local container
    if ! knows_holder "$1"; then
        give_port_up
        return
    fi
    if ! port_is_held || ! docker image inspect "$(image_of gateway "$(recorded PORT_TAG)")" >/dev/null 2>&1; then
        record PORT_TAG "$1"
    fi
    compose up -d --no-deps --no-build port >"$state/compose.log" 2>&1 || {
        sed 's/^/  /' "$state/compose.log"
        return 1
    }
    mapfile -t container < <(containers_of port)
    await_healthy "${container[@]}"
}

# Whether a gateway runs that has the port itself, or is to.
must_move_port() {
    [[ $(containers_of gateway) ]] && ! { port_is_held && knows_holder "$1"; }
}

# Only when a version from before there were holders goes, or comes back.
move_port() {
    say "  gateway: the port goes to another container, this once, and is closed until that runs"
    moved_from=$(tag_of gateway)
    give_port_up
    compose_roll gateway "$1" || return 1
    moved_from=
}

give_port_up() {
    local part containers
    for part in gateway port; do
        mapfile -t containers < <(containers_of "$part")
        drain "${containers[@]}"
    done
    record PORT_TAG ''
}

take_port_back() {
    local version=$moved_from
    [[ $version ]] || return 0
    moved_from=
    say "  gateway: $version comes back"
    give_port_up
    compose_roll gateway "$version" || say "  gateway: it did not; see status.sh"
}

# resize SERVICE N, in the version that runs.
resize() {
    if [[ $(engine) == swarm ]]; then
        docker service scale -d=false "${project}_$1=$2" >/dev/null
        return
    fi
    local service=$1 count=$2 old new
    mapfile -t old < <(containers_of "$service")
    if ((${#old[@]} > count)); then
        # The oldest go; each finishes what it does.
        drain "${old[@]:count}"
        return
    fi
    unfinished=("$service" "${old[@]}")
    compose up -d --no-deps --no-build --no-recreate --scale "$service=$count" "$service" >"$state/compose.log" 2>&1 || {
        sed 's/^/  /' "$state/compose.log"
        roll_back_unfinished
        return 1
    }
    mapfile -t new < <(newcomers "$service" "${old[@]}")
    if ((${#new[@]})) && ! await_healthy "${new[@]}"; then
        roll_back_unfinished
        return 1
    fi
    unfinished=()
}

stop_all_of() {
    if [[ $(engine) == swarm ]]; then
        docker service scale -d=false "${project}_$1=0" >/dev/null
    else
        local containers
        mapfile -t containers < <(containers_of "$1")
        drain "${containers[@]}"
    fi
}

# stop_part PART, and start_part PART: of what the services stand on, or backup.
stop_part() {
    if [[ $(engine) == swarm ]]; then
        docker service scale -d=false "${project}_$1=0" >/dev/null
    else
        containers_of "$1" | xargs -r docker stop -t 120 >/dev/null
    fi
}

start_part() {
    if [[ $(engine) == swarm ]]; then
        docker service scale -d=false "${project}_$1=1" >/dev/null
    else
        compose up -d --no-deps --no-build --no-recreate "$1" >"$state/compose.log" 2>&1 || die "$(cat "$state/compose.log")"
    fi
}

start_all_of() { resize "$1" "$(replicas_of "$1")"; }

# --- Backups -----------------------------------------------------------------------------------------------------

# One of the programs of the backup image, with its secrets and networks.
in_backup() {
    if [[ $(engine) == swarm ]]; then
        local container
        container=$(running_of backup | head -n 1)
        [[ $container ]] || die "the container of backup runs on another node; run this script there"
        docker exec -i "$container" "/usr/local/lib/lyceum/$1" "${@:2}"
    else
        compose run --rm -T --no-deps --entrypoint "/usr/local/lib/lyceum/$1" backup "${@:2}"
    fi <"${LYCEUM_BACKUP_KEY:-/dev/null}"
}

# One of the programs of the backup image without the stack: backup_alone SCRIPT [DOCKER'S OPTIONS…] -- ARGUMENTS…
backup_alone() {
    local script=$1 options=()
    shift
    while [[ $1 != -- ]]; do options+=("$1") && shift; done
    docker run --rm -i --network none --tmpfs /tmp -v "${LYCEUM_BACKUPS:-$state/backups}:/backups" "${options[@]}" \
        --entrypoint "/usr/local/lib/lyceum/$script" \
        "$(image_of backup "${LYCEUM_BACKUP_TAG:-$(recorded BACKUP_TAG)}")" "${@:2}" <"${LYCEUM_BACKUP_KEY:-/dev/null}"
}

# Restores the newest backup into databases and an object store of their own, which live as long as this takes.
scratch_restore() {
    say "Restoring into a scratch stack"
    export_settings
    LYCEUM_BACKUP_TAG=$BACKUP_TAG LYCEUM_PROJECT=$project-scratch LYCEUM_STATE=$state/scratch LYCEUM_ENGINE=compose \
        LYCEUM_BACKUPS=${LYCEUM_BACKUPS:-$state/backups} deploy/scratch.sh
}

# change_superuser_password OLD NEW
change_superuser_password() {
    local container
    container=$(running_of postgres | head -n 1)
    [[ $container ]] || die "PostgreSQL does not run here"
    docker exec -i -e PGPASSWORD="$1" "$container" psql -Xq -h 127.0.0.1 -U postgres -v ON_ERROR_STOP=1 <<<"
        SET log_statement = none; ALTER ROLE postgres PASSWORD '$2';" || die "PostgreSQL refused the change"
}

# change_graph_password OLD NEW. Connections that are open stay so.
change_graph_password() {
    local container
    container=$(running_of neo4j | head -n 1)
    [[ $container ]] || die "Neo4j does not run here"
    NEO4J_USERNAME=neo4j NEO4J_PASSWORD=$1 docker exec -i -e NEO4J_USERNAME -e NEO4J_PASSWORD "$container" \
        cypher-shell -a bolt://127.0.0.1:7687 -d system <<<"ALTER CURRENT USER SET PASSWORD FROM '$1' TO '$2';" ||
        die "Neo4j refused the change"
}

# --- Swarm -------------------------------------------------------------------------------------------------------

swarm_has_stack() { docker service inspect "${project}_gateway" >/dev/null 2>&1; }

swarm_stack() {
    export_settings
    docker stack deploy --prune --resolve-image never -c docker-compose.prod.yml "$project" >"$state/stack.log" 2>&1 || {
        cat "$state/stack.log"
        return 1
    }
}

# The whole stack for the first time, in one version; its one-shot services provide and migrate.
swarm_begin() {
    local service
    for service in "${all_services[@]}"; do record "$(tag_name "$service")" "$1"; done
    record BACKUP_TAG "$1"
    swarm_stack || return 1
    for service in "${data_services[@]}" gateway; do
        swarm_await "$service" || return 1
        say "  $service: $1 runs"
    done
}

# Until so many tasks as there should be are healthy; Swarm counts no others as running.
swarm_await() {
    local deadline=$((SECONDS + patience * 2)) counts
    while true; do
        counts=$(docker service ls --filter "name=${project}_$1" --format '{{.Name}} {{.Replicas}}' |
            sed -n "s/^${project}_$1 //p")
        [[ ! $counts =~ ^([0-9]+)/([0-9]+) || ${BASH_REMATCH[1]} != "${BASH_REMATCH[2]}" ]] || return 0
        ((SECONDS < deadline)) || {
            say "  $1 is not whole: $counts"
            docker service ps --no-trunc --format '    {{.CurrentState}} {{.Error}}' "${project}_$1" | head -n 5
            return 1
        }
        sleep 1
    done
}

# Runs the one-shot service in the new version, and waits for its end.
swarm_migrate() {
    local name=${project}_$1-migrate task task_state deadline=$((SECONDS + patience))
    docker service update -q -d --force --image "$(image_of "$1" "$2")" "$name" >/dev/null || return 1
    while true; do
        task=$(docker service ps -q "$name" | head -n 1)
        task_state=$(docker inspect --format '{{.Spec.ContainerSpec.Image}} {{.Status.State}}' "$task")
        case $task_state in
            "$(image_of "$1" "$2") complete") return 0 ;;
            *" failed" | *" rejected") docker service logs --tail 5 "$name" && return 1 ;;
        esac
        ((SECONDS < deadline)) || return 1
        sleep 1
    done
}

# swarm_outcome SERVICE REPLICAS: how the update under way ends, or that it doesn't.
swarm_outcome() {
    local deadline=$((SECONDS + patience * 2 * $2)) outcome
    while true; do
        outcome=$(docker service inspect \
            --format '{{if .UpdateStatus}}{{.UpdateStatus.State}}: {{.UpdateStatus.Message}}{{end}}' "${project}_$1")
        if [[ $outcome =~ ^(completed|paused|rollback_completed|rollback_paused): ]] || ((SECONDS >= deadline)); then
            say "$outcome"
            return
        fi
        sleep 1
    done
}

# Swarm's own rolling update: start-first, and back by itself when a new task fails. The same version again replaces tasks, too.
swarm_roll() {
    local service=$1 tag=$2 count=${3:-$(replicas_of "$1")} outcome
    docker service update -q -d --force --no-resolve-image --replicas "$count" --image "$(image_of "$service" "$tag")" \
        "${project}_$service" >"$state/stack.log" || return 1
    outcome=$(swarm_outcome "$service" "$count")
    if [[ $outcome != completed:* ]]; then
        say "  $service: $outcome"
        return 1
    fi
    if ! smoke "$service"; then
        docker service rollback -q -d=false "${project}_$service" >/dev/null
        return 1
    fi
    record "$(tag_name "$service")" "$tag"
    record "$(replicas_name "$service")" "$count"
    say "  $service: $tag runs"
}
