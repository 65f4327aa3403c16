#!/usr/bin/env bash
# Backs up everything once, into a folder named for the time: the graph, which goes into content's tables first where it is
# in Neo4j, then the database as of one moment, then the objects that it speaks of (media keeps deleted ones for
# MEDIA_GRACE), the configuration that is mounted, and checksums of all.
#   BACKUP_RECIPIENT   an age public key (age1…): dump and configuration are encrypted for it
#   BACKUP_KEEP        so many finished backups are kept, 14 by default
set -euo pipefail
source "$(dirname "$0")/common.sh"

name=$(date -u +%Y-%m-%dT%H%M%SZ)
folder=/backups/$name.unfinished
recipient=${BACKUP_RECIPIENT-}

clean_up() {
    [[ -z ${snapshot_pid-} ]] || kill "$snapshot_pid" 2>/dev/null || true
    rm -rf "$folder"
}

# To the file, encrypted when somebody is named who can read it.
keep() {
    if [[ $recipient ]]; then age -r "$recipient" -o "$1.age"; else cat >"$1"; fi
}

# Somebody may write to the graph meanwhile; content compares the two, and fails then.
copy_graph() {
    local attempt
    [[ $(secret GRAPH_URL) ]] || return 0
    for attempt in 1 2 3; do
        ! graph_copy bolt postgres || return 0
        say "backup: the graph was not copied as a whole at attempt $attempt" >&2
    done
    die "the graph could not be copied into PostgreSQL"
}

# One snapshot for the dump and for the checksums, held open by a session of its own until both are done.
dump_database() {
    local snapshot
    coproc SESSION { psql -XqAt -v ON_ERROR_STOP=1; }
    snapshot_pid=$SESSION_PID
    say "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_export_snapshot();" >&"${SESSION[1]}"
    read -r -t 60 snapshot <&"${SESSION[0]}" || die "PostgreSQL gave no snapshot"
    pg_dump -Fc --snapshot="$snapshot" "${schemas[@]/#/--schema=}" | keep "$folder/database.dump"
    table_sums "${schemas[@]}" >"$folder/tables" <<<"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '$snapshot';"
    say "COMMIT;" >&"${SESSION[1]}"
    kill "$snapshot_pid" 2>/dev/null || true
    snapshot_pid=
}

# Only what is new travels: keys are never used twice, so what is there already need not be looked at again. Objects lie
# in one folder for all backups; each has a list of its own.
copy_objects() {
    [[ $RCLONE_CONFIG_STORE_ACCESS_KEY_ID ]] || return 0
    mkdir -p /backups/objects
    rclone copy --quiet --ignore-existing --checksum "store:$bucket" /backups/objects
    rclone lsf --recursive --files-only --format sp --separator ' ' "store:$bucket" | sort >"$folder/objects"
}

copy_configuration() {
    [[ -d /configuration ]] || return 0
    tar -C /configuration -c . | keep "$folder/configuration.tar"
}

forget_old() {
    local old
    for old in /backups/*.unfinished; do [[ $old == "$folder" || ! -d $old ]] || rm -rf "$old"; done
    for old in /backups/20*/; do [[ -f $old/complete ]] && say "$old"; done | sort -r |
        tail -n "+$((${BACKUP_KEEP:-14} + 1))" | while read -r old; do rm -rf "$old"; done
}

mkdir -p "$folder"
trap clean_up EXIT
trap 'exit 130' INT TERM
copy_graph
dump_database
copy_objects
copy_configuration
sums=$(cd "$folder" && sha256sum -- *)
say "$sums" >"$folder/complete"
mv "$folder" "/backups/$name"
trap - EXIT
forget_old
say "backup $name: $(wc -l <"/backups/$name/tables") tables, $(du -sh "/backups/$name" | cut -f1)"
