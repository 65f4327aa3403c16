# shellcheck shell=bash disable=SC2154,SC2034 # what it does not set is lib.sh's, what it does not use roll.sh's
# How a service's tasks are replaced with Swarm. Sourced by roll.sh.

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
    [[ ! $(docker ps -q --filter "label=com.docker.compose.project=$project") ]] ||
        die "$project runs with Compose here, on the same data; back up, stop and remove its containers first"
    for service in "${all_services[@]}"; do record "$(tag_name "$service")" "$1"; done
    record BACKUP_TAG "$1"
    record FOUNDATION "${foundation[*]}"
    swarm_stack || return 1
    configured=yes
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
    docker service update -q -d --force --no-resolve-image --image "$(image_of "$1" "$2")" "$name" >/dev/null || return 1
    while true; do
        task=$(docker service ps -q "$name" | head -n 1)
        task_state=$(docker inspect --format '{{.Spec.ContainerSpec.Image}} {{.Status.State}}' "$task")
        case $task_state in
            "$(image_of "$1" "$2") complete") return 0 ;;
            *" failed" | *" rejected")
                docker service logs --tail 5 "$name" 2>&1 | grep -v 'No such task'
                # Or it would be tried for ever.
                docker service rollback -q -d "$name" >/dev/null
                return 1
                ;;
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
    settled=$service
    record "$(tag_name "$service")" "$tag"
    record "$(replicas_name "$service")" "$count"
    say "  $service: $tag runs"
}
