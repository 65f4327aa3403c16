#!/bin/sh
# Begins as root, takes the folder, becomes postgres, makes a cluster where none is; as the official image does.
set -eu
[ "$1" = postgres ] || exec "$@"
mkdir -p "$PGDATA" /var/run/postgresql
chown -R postgres "$PGDATA" /var/run/postgresql
chmod 700 "$PGDATA"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    password=${POSTGRES_PASSWORD:-$(cat "${POSTGRES_PASSWORD_FILE:-/dev/null}")}
    : "${password:?POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE is missing}"
    echo "$password" >/tmp/password
    chmod 644 /tmp/password
    setpriv --reuid postgres --regid postgres --clear-groups \
        initdb -U postgres --pwfile=/tmp/password -A scram-sha-256 -E UTF8 --locale=C.UTF-8 -D "$PGDATA" >/dev/null
    rm /tmp/password
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    echo "CREATE DATABASE \"${POSTGRES_DB:-postgres}\"" |
        setpriv --reuid postgres --regid postgres --clear-groups postgres --single -D "$PGDATA" postgres >/dev/null
fi
shift
exec setpriv --reuid postgres --regid postgres --clear-groups postgres -c listen_addresses='*' -D "$PGDATA" "$@"
