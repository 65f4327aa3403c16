#!/usr/bin/env bash
# A private PostgreSQL cluster in the data folder, on loopback only.
#   postgres.sh start | stop | kill | status | url DATABASE | psql DATABASE ARGUMENT…
set -euo pipefail
source "$(dirname "$0")/lib.sh"

cluster=$data/postgres/cluster
password_file=$data/postgres.password
port=$(port_of postgres)
bin=$(postgres_bin "$cluster")

is_running() { as_database_user "$bin/pg_ctl" -D "$cluster" status &>/dev/null; }

create_cluster() {
    local user folder=$data/postgres
    user=$(database_user)
    say "Creating a PostgreSQL cluster in $folder ($("$bin/postgres" --version), run by $user)"
    # Whatever an interrupted attempt left is no cluster.
    rm -rf "$folder"
    mkdir -m 700 "$folder"
    [[ -s $password_file ]] || (umask 077 && random_secret >"$password_file")
    install -m 600 "$password_file" "$folder/password"
    ((EUID != 0)) || chown -R "$user" "$folder"
    as_database_user "$bin/initdb" -D "$folder/new" -U lyceum --pwfile="$folder/password" --auth=scram-sha-256 \
        -E UTF8 --locale=C.UTF-8 >"$data/logs/initdb.log" 2>&1 ||
        die "initdb failed; it says why in $data/logs/initdb.log"
    cat >>"$folder/new/postgresql.conf" <<-'CONF'

		# Lyceum: one machine's private cluster
		listen_addresses = '127.0.0.1'
		unix_socket_directories = ''
		max_connections = 400
		shared_buffers = 256MB
		log_line_prefix = '%m [%p] %u '
	CONF
    rm "$folder/password"
    mv "$folder/new" "$cluster"
}

start() {
    prepare_data_folder
    [[ -f $cluster/PG_VERSION ]] || create_cluster
    is_running && return
    ! is_taken "$port" || die "Port $port, meant for PostgreSQL, is in use. Choose others: LYCEUM_PORT_BASE=9080 make run"
    local log=$data/logs/postgres.log
    touch "$log"
    ((EUID != 0)) || chown "$(database_user)" "$log"
    (
        close_inherited_files
        as_database_user "$bin/pg_ctl" -D "$cluster" -w -t 60 -l "$log" -o "-p $port ${1-}" start >/dev/null
    ) || die "PostgreSQL did not start; it says why in $log"
}

case ${1-} in
    start) start "${2-}" ;;
    stop) ! is_running || as_database_user "$bin/pg_ctl" -D "$cluster" -w -m fast stop >/dev/null ;;
    kill) as_database_user "$bin/pg_ctl" -D "$cluster" -w -m immediate stop >/dev/null ;;
    status) is_running ;;
    url) say "postgres://lyceum:$(<"$password_file")@127.0.0.1:$port/${2:?name a database}" ;;
    psql)
        PGPASSWORD=$(<"$password_file") exec "$bin/psql" -XqAt -v ON_ERROR_STOP=1 \
            -h 127.0.0.1 -p "$port" -U lyceum -d "${2:?name a database}" "${@:3}"
        ;;
    *) die "usage: postgres.sh start [OPTIONS] | stop | kill | status | url DATABASE | psql DATABASE ARGUMENT…" ;;
esac
