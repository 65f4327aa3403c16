#!/usr/bin/env bash
# Receives PostgreSQL's write-ahead log as it is written, for recovery to a point in time, until it is stopped. Whole segments
# are compressed, encrypted like backups, and lie in wal/; the one under way is in wal/receiving.
set -euo pipefail
source "$(dirname "$0")/common.sh"

receiving=$wal/receiving
mkdir -p "$receiving"
chmod 700 "$wal"

# Again after a while when PostgreSQL is away, with the password that it has then. A slot that has fallen too far behind is of
# no use any more: what was written meanwhile is missing, and the next backup is the first to recover from.
receive() {
    while true; do
        if PGPASSWORD=$(secret POSTGRES_PASSWORD) && forget_lost_slot && make_slot; then
            pg_receivewal --no-loop --slot="$wal_slot" --directory="$receiving" || true
        fi
        say "archive: the log is not received; again in 5 s" >&2
        sleep 5
    done
}

forget_lost_slot() {
    psql -XqAt -v ON_ERROR_STOP=1 -v slot="$wal_slot" >/dev/null <<-'SQL'
		SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = :'slot' AND wal_status = 'lost';
	SQL
}

# A new slot begins where PostgreSQL is by then. From what was half received before, pg_receivewal would want to go on.
make_slot() {
    local present part
    present=$(psql -XqAt -v slot="$wal_slot" <<<"SELECT 1 FROM pg_replication_slots WHERE slot_name = :'slot'") || return 1
    [[ ! $present ]] || return 0
    for part in "$receiving"/*.partial; do
        [[ ! -f $part ]] || store_segment "$part" "$(basename "$part" .partial)" || return 1
    done
    pg_receivewal --no-loop --create-slot --slot="$wal_slot"
}

store() {
    local segment
    for segment in "$receiving"/*; do
        ! is_log "$(basename "$segment")" || store_segment "$segment" "$(basename "$segment")" || return 1
    done
}

# store_segment FILE NAME: it is safe in wal/ before it goes here.
store_segment() {
    local suffix=.gz
    [[ ! ${BACKUP_RECIPIENT-} ]] || suffix=.gz.age
    gzip -c "$1" | keep "$wal/unfinished-$2.gz" || return 1
    sync "$wal/unfinished-$2$suffix" || return 1
    mv "$wal/unfinished-$2$suffix" "$wal/$2$suffix" || return 1
    rm "$1"
}

receive &
trap 'exit 0' INT TERM
while true; do
    store || say "archive: a segment of the log was not stored; again in 5 s" >&2
    sleep 5 &
    wait $!
done
