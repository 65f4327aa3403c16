#!/bin/sh
# Gives each service a role, a password and a schema of its own, of no use to the others. Runs in PostgreSQL's image, as
# often as wanted: a password that was changed is changed here too.
#   POSTGRES_PASSWORD[_FILE]         the superuser's
#   AUTH_DATABASE_PASSWORD[_FILE]    one for each service, and likewise for the others
#   KRATOS_DATABASE_PASSWORD         Kratos's, when it is to be here, too
set -eu

# secret NAME: the value of NAME, or of the file that NAME_FILE names.
secret() {
    eval "value=\${$1:-} file=\${$1_FILE:-}"
    # shellcheck disable=SC2154 # assigned by eval
    if [ -n "$file" ]; then value=$(cat "$file"); fi
    if [ -z "$value" ]; then
        echo "provision: $1 is missing, and so is $1_FILE" >&2
        exit 78
    fi
    printf '%s' "$value"
}

PGPASSWORD=$(secret POSTGRES_PASSWORD)
export PGPASSWORD PGHOST="${PGHOST:-postgres}" PGUSER="${PGUSER:-postgres}" PGDATABASE="${PGDATABASE:-lyceum}" \
    PGCONNECT_TIMEOUT=5

tries=0
until psql -Xqc 'SELECT 1' >/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || exit 1
    sleep 1
done

services="auth content media analytics"
if [ -n "${KRATOS_DATABASE_PASSWORD:-}" ]; then services="$services kratos"; fi

# Passwords go in as variables on standard input, so that no argument, log or statement text shows one.
{
    cat <<-'SQL'
	SET client_min_messages = warning;
	SET log_statement = none;
	SET log_min_error_statement = panic;
	BEGIN;
	SELECT pg_advisory_xact_lock(7201);
	CREATE EXTENSION IF NOT EXISTS citext SCHEMA public;
	CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
	CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public;
	SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
	REVOKE CREATE ON SCHEMA public FROM PUBLIC;
	SQL
    for service in $services; do
        password=$(secret "$(echo "$service" | tr '[:lower:]' '[:upper:]')_DATABASE_PASSWORD")
        cat <<-SQL
	\\set service $service
	\\set password '$(printf '%s' "$password" | sed "s/'/''/g; s/\\\\/\\\\\\\\/g")'
	SQL
        cat <<-'SQL'
	SELECT format('CREATE ROLE %I', :'service') WHERE to_regrole(:'service') IS NULL \gexec
	ALTER ROLE :"service" LOGIN PASSWORD :'password';
	ALTER ROLE :"service" SET search_path = :"service", public;
	SELECT format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', current_database(), :'service') \gexec
	CREATE SCHEMA IF NOT EXISTS :"service" AUTHORIZATION :"service";
	SQL
    done
    # Its migrations want it, and may not make it.
    if [ -n "${KRATOS_DATABASE_PASSWORD:-}" ]; then echo 'CREATE EXTENSION IF NOT EXISTS btree_gin SCHEMA public;'; fi
    echo 'COMMIT;'
} | psql -Xq -v ON_ERROR_STOP=1
echo "provision: roles and schemas of $services are in place"
