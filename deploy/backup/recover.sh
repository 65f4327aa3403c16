#!/usr/bin/env bash
# Lays the files of PostgreSQL, which must not run, as of a point in time: recover.sh files TIME | latest. PostgreSQL carries
# on from there when it starts. What was there is kept in the folder .before-recovery:
#   recover.sh undo      puts that back, and what an earlier recovery had kept there
#   recover.sh done      after PostgreSQL has recovered: what comes now is another log than before
# The age identity is read from standard input where backups are encrypted. The folder of the files is /cluster.
set -euo pipefail
source "$(dirname "$0")/common.sh"

cluster=/cluster
aside=$cluster/.before-recovery
earlier=$cluster/.before-recovery.earlier

# Each backup that has the cluster, with its first segment and the time from which on it can be recovered.
bases() {
    local name
    for name in $(finished_backups); do
        [[ ! -f /backups/$name/cluster ]] || say "$name $(<"/backups/$name/cluster")"
    done
}

# read_kept FILE: decrypted where it is encrypted.
read_kept() {
    if [[ -f $1.age ]]; then age -d -i "$identity" "$1.age"; else cat "$1"; fi
}

# The log that follows a backup: where somebody recovered later, it was put aside then.
log_after() {
    local folder
    for folder in /backups/wal-until-*; do
        if [[ -d $folder && ${folder#/backups/wal-until-} > $1 ]]; then
            say "$folder"
            return
        fi
    done
    say "$wal"
}

# What is in a folder, less what was put aside there: in_folder FOLDER FIND'S ACTION…
in_folder() { find "$1" -mindepth 1 -maxdepth 1 ! -name '.before-recovery*' "${@:2}"; }

undo() {
    [[ -d $aside ]] || return 0
    in_folder "$cluster" -exec rm -rf {} +
    in_folder "$aside" -exec mv -t "$cluster" {} +
    rmdir "$aside"
    [[ ! -d $earlier ]] || mv "$earlier" "$aside"
}

lay_log() {
    local from=$1 first=$2 file name
    mkdir "$cluster/recovery-log"
    for file in "$from"/*.gz*; do
        name=$(basename "$file")
        name=${name%%.gz*}
        is_log "$name" || continue
        # Segments by their number, whatever the timeline.
        [[ ! ${name:8} < ${first:8} || $name == *.history ]] || continue
        read_kept "$from/$name.gz" | gzip -d >"$cluster/recovery-log/$name"
    done
    for file in "$from"/receiving/*; do
        [[ ! -f $file ]] || cp "$file" "$cluster/recovery-log/$(basename "$file" .partial)"
    done
}

files() {
    local wanted=$1 at='' backup name first from
    if [[ $wanted != latest ]]; then
        at=$(date -u -d "$wanted" '+%Y-%m-%dT%H:%M:%S') || die "$wanted is no time; write 2026-01-31T12:00:00Z"
    fi
    while read -r name first from; do
        [[ $at && $from > $at ]] || backup=("$name" "$first")
    done < <(bases)
    [[ ${backup-} ]] || die "no backup from which $wanted can be reached; there are:
$(bases | sed -E 's/^(.*) .* (.*)$/  \1, for times after \2/')"
    (cd "/backups/${backup[0]}" && sha256sum --quiet -c complete) || die "backup ${backup[0]} is damaged"
    identity=$(mktemp -p /tmp)
    cat >"$identity"
    mkdir -p "$aside.new"
    # PostgreSQL reads all that is in its folder when it is backed up.
    chown --reference="$cluster" "$aside.new"
    in_folder "$cluster" -exec mv -t "$aside.new" {} +
    rm -rf "$earlier"
    [[ ! -d $aside ]] || mv "$aside" "$earlier"
    mv "$aside.new" "$aside"
    trap undo EXIT
    # What an earlier recovery had put aside went with the backup.
    read_kept "/backups/${backup[0]}/cluster.tar.gz" |
        tar -xz --numeric-owner --exclude='.before-recovery*' -C "$cluster"
    lay_log "$(log_after "${backup[0]}")" "${backup[1]}"
    {
        say "restore_command = 'cp \"recovery-log/%f\" \"%p\"'"
        say "recovery_target_action = 'promote'"
        [[ $wanted == latest ]] || say "recovery_target_time = '$(date -u -d "$wanted" '+%F %T.%N' | cut -c1-26)+00'"
    } >>"$cluster/postgresql.auto.conf"
    touch "$cluster/recovery.signal"
    chown -R --reference="$cluster/PG_VERSION" "$cluster/recovery-log" "$cluster/recovery.signal"
    chmod 700 "$cluster"
    trap - EXIT
    say "recover: from backup ${backup[0]} on, with $(find "$cluster/recovery-log" -type f | wc -l) segments of the log"
}

case ${1-} in
    files) files "${2:?say the time}" ;;
    undo) undo ;;
    done)
        rm -rf "$cluster/recovery-log" "$earlier"
        [[ ! -d $wal ]] || mv "$wal" "/backups/wal-until-$(date -u +%Y-%m-%dT%H%M%SZ)"
        ;;
    *) die "say files, undo or done" ;;
esac
