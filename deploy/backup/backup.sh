#!/usr/bin/env bash
# Backs up everything once, into a folder named for the time: the database as of one moment, then the objects that it
# speaks of (media keeps deleted ones for MEDIA_GRACE), the configuration that is mounted, and checksums of all.
#   BACKUP_RECIPIENT   an age public key (age1…) or a GnuPG key id in /run/keys: what is written is encrypted for it
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
    case $recipient in
        '') cat >"$1" ;;
        age1*) age -r "$recipient" -o "$1.age" ;;
        *) gpg --batch --yes --trust-model always --homedir /run/keys -e -r "$recipient" -o "$1.gpg" ;;
    esac
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
dump_database
copy_objects
copy_configuration
sums=$(cd "$folder" && sha256sum -- *)
say "$sums" >"$folder/complete"
mv "$folder" "/backups/$name"
trap - EXIT
forget_old
say "backup $name: $(wc -l <"/backups/$name/tables") tables, $(du -sh "/backups/$name" | cut -f1)"
