# shellcheck shell=bash
# How PostgreSQL goes back to a point in time. Sourced by restore.sh.
source "$(dirname "${BASH_SOURCE[0]}")/roll.sh"

recover() {
    backup_alone recover.sh -v "${project}_postgres:/cluster" -- "$@"
}

as_superuser() {
    docker exec -i "$(running_of postgres | head -n 1)" psql -XqAt -U postgres -d lyceum -v ON_ERROR_STOP=1
}

# Until it has written on from there; or it has ended, for the log does not reach as far.
await_recovery() {
    local deadline=$((SECONDS + patience * 40)) container
    while ((SECONDS < deadline)); do
        container=$(running_of postgres | head -n 1)
        [[ ! $container ]] || (($(docker inspect --format '{{.RestartCount}}' "$container") < 2)) || return 1
        [[ $(as_superuser 2>/dev/null <<<'SELECT pg_is_in_recovery()') != f ]] || return 0
        sleep 1
    done
    return 1
}

# recover_to TIME: all services' data, and what else is in that PostgreSQL.
recover_to() {
    stop_part backup
    stop_part postgres
    recover files "$1" || { start_part postgres && start_part backup && die "nothing was changed"; }
    start_part postgres
    if ! await_recovery; then
        docker logs --tail 20 "$(docker ps -aq --filter "label=com.docker.compose.project=$project" \
            --filter label=com.docker.compose.service=postgres | head -n 1)" 2>&1 | grep -E 'FATAL|ERROR|HINT|recovery' | tail -n 5
        stop_part postgres
        recover undo
        start_part postgres
        start_part backup
        die "PostgreSQL could not recover to $1; all is as it was before"
    fi
    # The passwords of then may be others than those of now.
    as_superuser <<-SQL
		SET log_statement = none;
		ALTER ROLE postgres PASSWORD '$(read_secret postgres_password)';
		ALTER SYSTEM RESET restore_command;
		ALTER SYSTEM RESET recovery_target_time;
		ALTER SYSTEM RESET recovery_target_action;
	SQL
    prepare_foundation
    recover "done"
    start_part backup
    # From Neo4j would come what it holds now.
    in_backup backup.sh --without-graph
    say "PostgreSQL is as of $1. What was there before is in the folder .before-recovery of its volume until the next recovery."
    [[ ! $(read_secret graph_url) ]] ||
        say "Neo4j is as it was. Until the next backup, lyceum graph copy in a container of content gives it the state of then; see docs/operations.md."
}
