#!/usr/bin/env bash
# Runs the whole platform from built binaries: PostgreSQL and five services, on loopback.
#   platform.sh run | start [SERVICE…] | stop [SERVICE…] | status | logs | migrate | seed
set -euo pipefail
source "$(dirname "$0")/services.sh"

services=("${data_services[@]}" gateway)
# Seconds that anything may take to start or stop.
patience=60

introduce() {
    cat <<-TEXT

	Lyceum is running at $(url_of gateway)

	  accounts   student@example.org, teacher@example.org, admin@example.org; password lyceum-demo-1
	  health     $(url_of gateway)/health
	  contract   $(url_of gateway)/openapi.json
	  logs       $data/logs (make logs)
	  data       $data

	TEXT
}

# One start or stop at a time in one data folder.
lock() {
    prepare_data_folder
    exec 9>"$data/run/lock"
    flock -w "$patience" 9 || die "Another start or stop is still at work in $data."
}

require_binaries() {
    local service
    for service in "${services[@]}"; do
        [[ -x $binaries/$service ]] || die "$binaries/$service has not been built yet: make build"
    done
}

require_free_ports() {
    local service
    for service in "$@"; do
        if ! is_running "$service" && is_taken "$(port_of "$service")"; then
            die "Port $(port_of "$service"), meant for $service, is in use. Stop what listens there, or choose others:
  LYCEUM_PORT_BASE=9080 make run      (takes 9080 to 9086)"
        fi
    done
}

start_database() {
    deploy/native/postgres.sh start
    provision_database
}

each_data_service() {
    local service
    for service in "${data_services[@]}"; do
        run_service "$service" "$1" >>"$data/logs/$1.log" 2>&1 ||
            die "$service $1 failed; it says why in $data/logs/$1.log:
$(tail -n 5 "$data/logs/$1.log")"
    done
}

start_services() {
    local service
    require_free_ports "$@"
    for service in "$@"; do is_running "$service" || start_service "$service"; done
    await_ready "$@"
}

# Waits until each of these can serve, and gives up at once when one has ended.
await_ready() {
    local deadline=$((SECONDS + patience)) service
    for service in "$@"; do
        until is_ready "$service"; do
            is_running "$service" || die "$service ended while it started. Its last words, from $(log_of "$service"):
$(tail -n 5 "$(log_of "$service")")"
            ((SECONDS < deadline)) || die "$service was not ready within $patience s; see $(log_of "$service")"
            sleep 0.1
        done
        say "  $service is ready ($(url_of "$service"))"
    done
}

start_all() {
    require_binaries
    require_free_ports "${services[@]}"
    start_database
    say "Migrating and seeding"
    each_data_service migrate
    each_data_service seed
    say "Starting the services"
    start_services "${services[@]}"
}

stop_all() {
    # The gateway first: it lets what runs come to its end, and takes nothing new.
    stop_services gateway
    stop_services "${data_services[@]}"
    deploy/native/postgres.sh stop
}

all_running() {
    local service
    for service in "${services[@]}"; do is_running "$service" || return 1; done
}

# Starts everything, or nothing: what had been started is stopped again when something fails.
start() {
    lock
    if (($#)); then
        require_binaries
        start_services "$@"
    elif all_running; then
        introduce
    else
        trap 'stop_all' EXIT
        start_all
        trap - EXIT
        introduce
    fi
    exec 9>&-
}

run() {
    ! all_running || die "Lyceum is running already, in the background; make stop ends it."
    trap 'trap "" INT TERM HUP; exit 0' INT TERM HUP
    lock
    trap 'say "Stopping"; stop_all' EXIT
    start_all
    exec 9>&-
    introduce
    say "Ctrl-C stops it."
    watch_services
}

# Until a signal, or until everything was stopped from elsewhere. Tells once of each service that ended unasked.
watch_services() {
    local service asked
    local -A told=()
    while true; do
        asked=0
        for service in "${services[@]}"; do
            if [[ ! -e $(pid_file_of "$service") ]]; then
                asked=$((asked + 1))
            elif is_running "$service"; then
                unset "told[$service]"
            elif [[ -z ${told[$service]-} ]]; then
                told[$service]=yes
                say "$service has ended. Its last words, from $(log_of "$service"):"
                tail -n 3 "$(log_of "$service")"
                say "Start it again with: deploy/native/platform.sh start $service"
            fi
        done
        ((asked < ${#services[@]})) || exit 0
        sleep 1 &
        wait $!
    done
}

status() {
    local service state healthy=0
    for service in "${services[@]}"; do
        if is_ready "$service" && is_running "$service"; then
            state="ready    pid $(pid_of "$service")"
        elif is_running "$service"; then
            state="not ready, pid $(pid_of "$service"): $(log_of "$service")"
            healthy=1
        elif [[ -e $(pid_file_of "$service") ]]; then
            state="has ended unasked: $(log_of "$service")"
            healthy=1
        else
            state='stopped'
            healthy=1
        fi
        printf '%-10s %-24s %s\n' "$service" "$(url_of "$service")" "$state"
    done
    if deploy/native/postgres.sh status; then state=ready; else state=stopped healthy=1; fi
    printf '%-10s %-24s %s\n' postgres "127.0.0.1:$(port_of postgres)" "$state"
    return $healthy
}

# Migrating and seeding need PostgreSQL only, and leave it as they found it.
once() {
    lock
    require_binaries
    deploy/native/postgres.sh status || trap 'deploy/native/postgres.sh stop' EXIT
    start_database
    each_data_service "$1"
    say "$1 is done for ${data_services[*]}; what they said is in $data/logs/$1.log"
}

case ${1-} in
    run) run ;;
    start) start "${@:2}" ;;
    stop)
        lock
        if (($# > 1)); then stop_services "${@:2}"; else stop_all; fi
        ;;
    status) status ;;
    logs) exec tail -n 20 -F "$data"/logs/*.log ;;
    migrate | seed) once "$1" ;;
    *) die "usage: platform.sh run | start [SERVICE…] | stop [SERVICE…] | status | logs | migrate | seed" ;;
esac
