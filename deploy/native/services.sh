# shellcheck shell=bash
# Single services as processes, and the database that they share. Sourced by platform.sh.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

binaries=$(realpath -m "${LYCEUM_BINARIES:-.build/${BUILD:-debug}}")
data_services=(auth content media analytics)

pid_file_of() { say "$data/run/$1.pid"; }
log_of() { say "$data/logs/$1.log"; }
pid_of() { cat "$(pid_file_of "$1")"; }

# A number in a file may have gone to another process since; the program's name tells.
is_running() {
    local pid program
    pid=$(pid_of "$1" 2>/dev/null) && program=$(readlink "/proc/$pid/exe") || return 1
    program=${program% (deleted)}
    [[ ${program##*/} == "$1" ]]
}

is_ready() {
    local answer
    if [[ $1 == gateway ]]; then
        answer=$(curl -fsS -m 2 "$(url_of gateway)/health" 2>/dev/null) || return 1
        python3 -c 'import json, sys; sys.exit(json.load(sys.stdin)["status"] != "ok")' <<<"$answer"
    else
        curl -fsS -m 2 -o /dev/null "$(url_of "$1")/ready" 2>/dev/null
    fi
}

# The secrets of this data folder, made on first use.
secret() {
    local file=$data/env
    if ! grep -qs "^$1=" "$file"; then
        (umask 077 && say "$1=$(random_secret)" >>"$file")
    fi
    sed -n "s/^$1=//p" "$file"
}

# The folder with Swagger UI for the gateway's /docs, fetched on first use; nothing where it can't be had.
swagger_ui() {
    if deploy/gateway/swagger-ui.sh "$data/swagger-ui" >>"$data/logs/setup.log" 2>&1; then say "$data/swagger-ui"; fi
}

password_name_of() { say "${1^^}_DATABASE_PASSWORD"; }

# Exports what belongs to one service; for a subshell.
export_environment_of() {
    export HOST=127.0.0.1 PORT METRICS_PORT INTERNAL_SECRET AUTH_URL CONTENT_URL MEDIA_URL ANALYTICS_URL
    export STORAGE_URL=file:$data/media
    export MAIL_URL=${MAIL_URL:-file:$data/mail}
    PORT=$(port_of "$1")
    METRICS_PORT=$(port_of metrics)
    INTERNAL_SECRET=$(secret INTERNAL_SECRET)
    AUTH_URL=$(url_of auth) CONTENT_URL=$(url_of content) MEDIA_URL=$(url_of media) ANALYTICS_URL=$(url_of analytics)
    if [[ $1 == gateway ]]; then
        export SWAGGER_UI
        SWAGGER_UI=${SWAGGER_UI-$(swagger_ui)}
    else
        export DATABASE_URL
        DATABASE_URL=postgres://$1:$(secret "$(password_name_of "$1")")@127.0.0.1:$(port_of postgres)/lyceum
    fi
}

# run_service NAME ARGUMENT…: one of its commands, to the end.
run_service() {
    (
        export_environment_of "$1"
        exec "$binaries/$1" "${@:2}"
    )
}

# In a session of its own, so that Ctrl-C reaches the script alone, which then stops everything in order.
start_service() {
    local log
    log=$(log_of "$1")
    [[ ! -e $log ]] || mv "$log" "$log.previous"
    (
        export_environment_of "$1"
        close_inherited_files
        exec setsid "$binaries/$1" serve </dev/null >"$log" 2>&1
    ) &
    say $! >"$(pid_file_of "$1")"
    # Until it has become the service, or has ended.
    until is_running "$1" || [[ ! -e /proc/$! ]]; do sleep 0.02; done
}

# SIGTERM, then patience for what still runs.
stop_services() {
    local service deadline=$((SECONDS + ${SHUTDOWN_GRACE:-20} + 10))
    for service in "$@"; do
        if is_running "$service"; then kill -TERM "$(pid_of "$service")"; fi
    done
    for service in "$@"; do
        while is_running "$service"; do
            if ((SECONDS >= deadline)); then
                say "$service does not end by itself; killing it"
                kill -KILL "$(pid_of "$service")"
            fi
            sleep 0.05
        done
        rm -f "$(pid_file_of "$service")"
    done
}

# One role and one schema per service, neither of use to the others; the extensions that need a superuser.
provision_database() {
    local service
    if [[ $(deploy/native/postgres.sh psql postgres -c "SELECT 1 FROM pg_database WHERE datname = 'lyceum'") != 1 ]]; then
        deploy/native/postgres.sh psql postgres -c 'CREATE DATABASE lyceum'
    fi
    {
        cat <<-'SQL'
			SET client_min_messages = warning;
			BEGIN;
			CREATE EXTENSION IF NOT EXISTS citext SCHEMA public;
			CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
			CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public;
			REVOKE ALL ON DATABASE lyceum FROM PUBLIC;
			REVOKE CREATE ON SCHEMA public FROM PUBLIC;
		SQL
        for service in "${data_services[@]}"; do
            cat <<-SQL
				SELECT 'CREATE ROLE $service' WHERE to_regrole('$service') IS NULL \gexec
				ALTER ROLE $service LOGIN PASSWORD '$(secret "$(password_name_of "$service")")';
				ALTER ROLE $service SET search_path = $service, public;
				GRANT CONNECT, TEMPORARY ON DATABASE lyceum TO $service;
				CREATE SCHEMA IF NOT EXISTS $service AUTHORIZATION $service;
			SQL
        done
        say 'COMMIT;'
    } | deploy/native/postgres.sh psql lyceum
}
