# shellcheck shell=bash
# How one service's containers are replaced by others, with Compose and with Swarm. Sourced by deploy.sh and others.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=port.sh
source "$root/deploy/port.sh"
# shellcheck source=swarm.sh
source "$root/deploy/swarm.sh"

# What runs beside what was there before and may have to go again; and the service whose new version has taken over.
unfinished=() settled=

has_settled() { [[ $settled == "$1" ]]; }

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
    record FOUNDATION "${foundation[*]}"
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
    forget_stopped "$service"
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
    if ! await_healthy "${new[@]}" || ! are_whole "${new[@]}" || ! try_out "$service" "${new[@]}" -- "${old[@]}"; then
        roll_back_unfinished
        return 1
    fi
    unfinished=() settled=$service configured=yes
    record "$(tag_name "$service")" "$tag"
    record "$(replicas_name "$service")" "$count"
    if drain "${old[@]}"; then
        say "  $service: ${#new[@]} of $tag run, ${#old[@]} old gone"
    else
        say "  $service: ${#new[@]} of $tag run; not all old ones could be removed, docker ps -a tells which"
    fi
}

# Compose would start them again and count them as new.
forget_stopped() {
    docker ps -aq --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.service=$1" \
        --filter label=com.docker.compose.oneoff=False --filter status=exited --filter status=created --filter status=dead |
        xargs -r docker rm >/dev/null
}

newcomers() {
    local container
    for container in $(docker ps -aq --filter "label=com.docker.compose.project=$project" \
        --filter "label=com.docker.compose.service=$1" --filter label=com.docker.compose.oneoff=False); do
        [[ " ${*:2} " == *" $container "* ]] || say "$container"
    done
}

# are_whole NEW…: no part of what they depend on is missing. What runs may be degraded; what is new must not be.
are_whole() {
    local container told
    for container in "$@"; do
        told=$(docker exec "$container" /usr/local/bin/lyceum healthcheck) || true
        if [[ $told == *'"degraded"'* ]]; then
            say "  $container does not reach all that it needs: $told"
            return 1
        fi
    done
}

# try_out SERVICE NEW… -- OLD…: as users meet it. On the first deployment there is no gateway to ask through yet.
try_out() {
    local service=$1 container new=()
    shift
    while [[ $1 != -- ]]; do new+=("$1") && shift; done
    [[ $(containers_of gateway) ]] || return 0
    if [[ $service == gateway ]]; then
        for container in "${new[@]}"; do smoke gateway "$(url_of_gateway "$container")" || return 1; done
        speak_alike "${new[@]}" "${@:2}" || return 0
    else
        await_known "$service" "${new[@]}" "${@:2}" || return 1
    fi
    smoke "$service"
}

# speak_alike GATEWAY…: all TLS or none. From the one port that they have together nobody can expect either meanwhile.
speak_alike() {
    local container
    for container in "$@"; do [[ $(scheme_of "$container") == "$(scheme_of "$1")" ]] || return 1; done
}

# await_known SERVICE CONTAINER…: until each gateway counts as many replicas that serve as these are healthy ones.
await_known() {
    local deadline=$((SECONDS + patience)) container gateway serving=0
    for container in "${@:2}"; do [[ $(health_of "$container") != healthy ]] || serving=$((serving + 1)); done
    for gateway in $(containers_of gateway); do
        until (($(known_to "$gateway" "$1") >= serving)); do
            if ((SECONDS >= deadline)); then
                say "  $1: the gateway knows $(known_to "$gateway" "$1") replicas that serve, and not $serving, after $patience s"
                return 1
            fi
            sleep 0.5
        done
    done
}

# known_to GATEWAY SERVICE: by its own port, whatever name its certificate has.
known_to() {
    { curl -sk -m 5 "$(url_of_gateway "$1")/health" || true; } |
        { grep -o "\"$2\":{\"instances\":\[[^]]*" || true; } | { grep -o '"healthy":true' || true; } | wc -l
}

# Stops them together: each takes nothing new, finishes what runs, then ends. Ctrl-C comes after, for what has been begun is
# ended by the engine in any case.
drain() {
    (($#)) || return 0
    (trap '' INT TERM HUP && docker stop -t 90 "$@" >/dev/null && docker rm "$@" >/dev/null)
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

# resize SERVICE N, in the version that runs.
resize() {
    local service=$1 count=$2 old new
    if [[ $(engine) == swarm ]]; then
        docker service scale -d=false "${project}_$service=$count" >/dev/null || return 1
        record "$(replicas_name "$service")" "$count"
        return
    fi
    forget_stopped "$service"
    mapfile -t old < <(containers_of "$service")
    if ((${#old[@]} > count)); then
        record "$(replicas_name "$service")" "$count"
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
    if [[ $service == gateway ]] && ! speak_alike "${old[@]}" "${new[@]}"; then
        say "  $service: those of now would speak TLS and the others not, or the other way round; deploy it first"
        roll_back_unfinished
        return 1
    fi
    unfinished=() configured=yes
    record "$(replicas_name "$service")" "$count"
    # What has been started is reached when this ends. Late news of it harm nobody.
    [[ $service == gateway ]] || await_known "$service" "${old[@]}" "${new[@]}" || true
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
        local container name settings=()
        for name in BACKUP_RECIPIENT BACKUP_KEEP BACKUP_WAL; do [[ ! ${!name-} ]] || settings+=(-e "$name"); done
        container=$(running_of backup | head -n 1)
        [[ $container ]] || die "the container of backup runs on another node; run this script there"
        docker exec -i "${settings[@]}" "$container" "/usr/local/lib/lyceum/$1" "${@:2}"
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
    LYCEUM_FOUNDATION=${foundation[*]} LYCEUM_BACKUP_TAG=$BACKUP_TAG LYCEUM_PROJECT=$project-scratch \
        LYCEUM_STATE=$state/scratch LYCEUM_ENGINE=compose \
        LYCEUM_BACKUPS=${LYCEUM_BACKUPS:-$state/backups} deploy/scratch.sh
}

# change_superuser_password OLD NEW
change_superuser_password() {
    local container
    container=$(running_of postgres | head -n 1)
    [[ $container ]] || die "PostgreSQL does not run here"
    PGPASSWORD=$1 docker exec -i -e PGPASSWORD "$container" psql -Xq -h 127.0.0.1 -U postgres -v ON_ERROR_STOP=1 <<<"
        SET log_statement = none; ALTER ROLE postgres PASSWORD '$2';"
}

# change_graph_password OLD NEW. Connections that are open stay so.
change_graph_password() { in_neo4j "$1" "ALTER CURRENT USER SET PASSWORD FROM '$1' TO '$2';"; }

takes_graph_password() { in_neo4j "$1" "SHOW CURRENT USER;"; }

# in_neo4j PASSWORD STATEMENT
in_neo4j() {
    local container
    container=$(running_of neo4j | head -n 1)
    [[ $container ]] || die "Neo4j does not run here"
    NEO4J_USERNAME=neo4j NEO4J_PASSWORD=$1 docker exec -i -e NEO4J_USERNAME -e NEO4J_PASSWORD "$container" \
        cypher-shell -a bolt://127.0.0.1:7687 -d system <<<"$2" >/dev/null
}
