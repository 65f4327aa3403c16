#!/usr/bin/env bash
# Backs up everything once, into a folder named for the time: the graph, which goes into content's tables first where it is
# in Neo4j, then the database as of one moment, then the objects that it speaks of (media keeps deleted ones for
# MEDIA_GRACE), the configuration, and checksums of all.
#   --without-graph    content's tables keep the graph that they have
#   BACKUP_RECIPIENT   an age public key (age1…): dump and configuration are encrypted for it; secrets are kept only then
#   BACKUP_WAL         yes: the cluster's files, too, from which the log that archive.sh receives leads to any later time
#   BACKUP_KEEP        so many finished backups are kept, 14 by default, and the newest of each of so many days
set -euo pipefail
source "$(dirname "$0")/common.sh"

graph=copied
case ${1-} in
    '') ;;
    --without-graph) graph=kept ;;
    *) die "unknown option $1" ;;
esac

clean_up() {
    [[ -z ${snapshot_pid-} ]] || kill "$snapshot_pid" 2>/dev/null || true
    rm -rf "$folder" "${staging-}"
}

# Somebody may write to the graph meanwhile; content compares the two, and fails then. All else is backed up even so.
copy_graph() {
    local attempt tables=(concepts prerequisites chapter_concepts)
    [[ $graph == copied && $(secret GRAPH_URL) ]] || return 0
    pg_dump -Fc --data-only "${tables[@]/#/--table=content.}" >"$folder/graph"
    for attempt in 1 2 3; do
        if graph_copy bolt postgres; then
            rm "$folder/graph"
            return
        fi
        say "backup: the graph was not copied as a whole at attempt $attempt" >&2
    done
    put_graph_back
    graph=old
    say "backup: THE GRAPH COULD NOT BE COPIED; this backup has the one of the last backup that could" >&2
}

# A copy that fails has removed what was there. The others hold on to concepts, and go with them.
put_graph_back() {
    {
        say "BEGIN; DELETE FROM content.concepts;"
        pg_restore -f - "$folder/graph"
        say "COMMIT;"
    } | psql -Xq -v ON_ERROR_STOP=1 >/dev/null
    rm "$folder/graph"
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

# Only what is new travels: keys are never used twice, so what is there already has changed only if a copy was cut off, and
# is shorter then. Objects lie in one folder for all backups; each has a list of its own, without what came to the store
# after the dump and was not copied.
copy_objects() {
    [[ $RCLONE_CONFIG_STORE_ACCESS_KEY_ID ]] || return 0
    mkdir -p /backups/objects
    rclone copy --quiet --size-only "store:$bucket" /backups/objects
    rclone lsf --recursive --files-only --format sp --separator ' ' "store:$bucket" | sort |
        comm -12 - <(objects_here) >"$folder/objects"
    sum_objects
}

# Each is read once, when it has come.
sum_objects() {
    touch "$object_sums"
    {
        cat "$object_sums"
        comm -23 <(objects_here | cut -d' ' -f2- | sort) <(cut -c67- "$object_sums" | sort) |
            (cd /backups/objects && xargs -r -d '\n' sha256sum --)
    } >"$object_sums.new"
    mv "$object_sums.new" "$object_sums"
}

# Settings as they were deployed last, what is mounted into the services, versions and history. Only a few know the
# key of an encrypted backup; what others can read has no secret in it.
copy_configuration() {
    [[ -d /state ]] || return 0
    staging=$(mktemp -d -p /tmp)
    local part
    for part in versions history deployed; do [[ ! -e /state/$part ]] || cp -a "/state/$part" "$staging"; done
    [[ ! -d /configuration ]] || cp -a /configuration "$staging"
    if [[ ${BACKUP_RECIPIENT-} ]]; then
        cp -a /state/secrets "$staging"
    else
        say "backup: secrets and private keys are left out, for it is not encrypted; BACKUP_RECIPIENT changes that"
        without_secrets
    fi
    tar -C "$staging" -c . | keep "$folder/configuration.tar"
    rm -rf "$staging"
}

without_secrets() {
    local settings=$staging/deployed/environment
    [[ ! -f $settings ]] ||
        sed -i -E '/^[A-Z_]*_FILE=/ b; s/^([A-Z_]*(SECRET|PASSWORD|ACCESS_KEY)[A-Z_]*)=.+/\1=/; s|(://[^:/@ ]*):[^@/ ]+@|\1:@|' "$settings"
    { grep -rl 'PRIVATE KEY' "$staging" || true; } | while read -r key; do rm "$key"; done
}

# The log can be forgotten up to the segment that the cluster begins with; it can be recovered from the time on when it
# was copied.
copy_cluster() {
    local segment
    if [[ ${BACKUP_WAL:-no} != yes ]]; then
        psql -XqAt -v slot="$wal_slot" >/dev/null <<-'SQL'
			SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = :'slot' AND NOT active;
		SQL
        return
    fi
    segment=$(psql -XqAt -c 'SELECT redo_wal_file FROM pg_control_checkpoint()')
    # That something else must take care of the log, it tells each time.
    PGOPTIONS='-c client_min_messages=warning' pg_basebackup --pgdata=- --format=tar --wal-method=none --checkpoint=fast | gzip -1 | keep "$folder/cluster.tar.gz"
    say "$segment $(date -u +%Y-%m-%dT%H:%M:%S)" >"$folder/cluster"
}

forget_old() {
    local old
    outdated | while read -r old; do rm -rf "/backups/$old"; done
    forget_old_log
    forget_objects
}

# Each deployment backs up, too; however many there are in a day, they must not take the place of the nights before.
outdated() {
    finished_backups | sort -r | awk -v keep="${BACKUP_KEEP:-14}" '
        { day = substr($0, 1, 10); newest = day != last; days += newest; last = day }
        NR > keep && !(newest && days <= keep)'
}

# What no backup lists was deleted from the store before the oldest of them.
forget_objects() {
    local backup lists=() listed object
    for backup in $(finished_backups); do [[ ! -f /backups/$backup/objects ]] || lists+=("/backups/$backup/objects"); done
    ((${#lists[@]})) || return 0
    listed=$(cat "${lists[@]}" | cut -d' ' -f2- | sort -u)
    [[ $listed ]] || return 0
    comm -23 <(objects_here | cut -d' ' -f2- | sort) <(say "$listed") |
        while read -r object; do rm "/backups/objects/$object"; done
    find /backups/objects -mindepth 1 -type d -empty -delete
    awk 'FILENAME == ARGV[1] { listed[$0]; next } substr($0, 67) in listed' <(say "$listed") "$object_sums" >"$object_sums.new"
    mv "$object_sums.new" "$object_sums"
}

# What was written before the oldest cluster that is kept leads nowhere.
forget_old_log() {
    local oldest first name file
    oldest=$(for name in $(finished_backups); do [[ ! -f /backups/$name/cluster ]] || say "$name"; done | sed -n 1p)
    [[ $oldest ]] || return 0
    read -r first _ <"/backups/$oldest/cluster"
    for file in /backups/wal-until-*; do
        [[ ! -d $file || ${file#/backups/wal-until-} > $oldest ]] || rm -rf "$file"
    done
    for file in "$wal"/*.gz*; do
        name=$(basename "$file")
        [[ ! $name =~ ^[0-9A-F]{24}\. || ! ${name:8:16} < ${first:8} ]] || rm "$file"
    done
}

lock
rm -rf /backups/*.unfinished
name=$(date -u +%Y-%m-%dT%H%M%SZ)
folder=/backups/$name.unfinished
mkdir "$folder"
# That it is there, and how large, everybody who gets as far may see.
chmod 755 "$folder"
trap clean_up EXIT
trap 'exit 130' INT TERM
copy_graph
dump_database
copy_objects
copy_configuration
copy_cluster
sums=$(cd "$folder" && sha256sum -- *)
say "$sums" >"$folder/complete"
mv "$folder" "/backups/$name"
trap - EXIT
forget_old
say "backup $name: $(wc -l <"/backups/$name/tables") tables, $(du -sh "/backups/$name" | cut -f1)$([[ $graph != old ]] || say ", with an OLD GRAPH")"
