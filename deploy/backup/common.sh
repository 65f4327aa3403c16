# shellcheck shell=bash
# What backing up and restoring share. Sourced inside the container.

# shellcheck disable=SC2034 # for the scripts
schemas=(auth content media analytics)
# shellcheck disable=SC2034
bucket=${BUCKET:-lyceum-media}
# Where the write-ahead log is kept, and what PostgreSQL keeps it by until it is received.
# shellcheck disable=SC2034
wal=/backups/wal wal_slot=lyceum_backup
# Checksums of what lies in objects/, made when it was copied.
object_sums=/backups/objects.sha256

# What is written here is for nobody but its owner, wherever the folder is.
umask 077

say() { printf '%s\n' "$*"; }

die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# secret NAME: the value of NAME, or of the file that NAME_FILE names.
secret() {
    local file=$1_FILE
    if [[ ${!file-} ]]; then cat "${!file}"; else printf '%s' "${!1-}"; fi
}

# Where there is room, whatever the root and its /tmp are like.
export TMPDIR=/backups
export PGHOST=${PGHOST:-postgres} PGUSER=${PGUSER:-postgres} PGDATABASE=${PGDATABASE:-lyceum} PGPASSWORD
PGPASSWORD=$(secret POSTGRES_PASSWORD)
export RCLONE_CONFIG_STORE_TYPE=s3 RCLONE_CONFIG_STORE_PROVIDER=${OBJECTS_PROVIDER:-Minio}
export RCLONE_CONFIG_STORE_ENDPOINT=${OBJECTS_ENDPOINT-http://minio:9000} RCLONE_CONFIG_STORE_REGION=${OBJECTS_REGION:-us-east-1}
export RCLONE_CONFIG_STORE_ACCESS_KEY_ID RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY
RCLONE_CONFIG_STORE_ACCESS_KEY_ID=$(secret STORAGE_ACCESS_KEY)
RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY=$(secret STORAGE_SECRET_KEY)

# keep FILE: writes standard input to it, or to FILE.age, encrypted, when somebody is named who can read it.
keep() {
    if [[ ${BACKUP_RECIPIENT-} ]]; then age -r "$BACKUP_RECIPIENT" -o "$1.age"; else cat >"$1"; fi
}

# graph_copy FROM TO: postgres or bolt. Replaces what is there, and compares. No service is asked, so none needs a secret.
graph_copy() {
    DATABASE_URL_FILE=$CONTENT_DATABASE_URL_FILE INTERNAL_SECRET=none-is-needed-to-copy-the-graph LOG_LEVEL=warning \
        content graph copy --from "$1" --to "$2" --replace
}

# Rows and a checksum of each table, whatever order they lie in on the disk; one line a table. Statements that a script
# gives first, such as one that takes part in another's snapshot, come from standard input.
table_sums() {
    local list
    list=$(printf "'%s'," "$@")
    {
        cat
        cat <<-SQL
		SELECT format(
		    'SELECT %L, count(*), coalesce(md5(string_agg(md5(t::text), '''' ORDER BY md5(t::text))), '''') FROM %I.%I AS t',
		    schemaname || '.' || tablename, schemaname, tablename)
		FROM pg_tables WHERE schemaname IN (${list%,}) ORDER BY schemaname, tablename \gexec
		SQL
    } | psql -XqAt -F ' ' -v ON_ERROR_STOP=1
}

# One at a time, in whatever container it is.
lock() {
    exec 9>/backups/lock
    flock -n 9 || {
        say "$(basename "$0"): another backup or restore is at work; this one waits for it"
        flock 9
    }
}

# Whole only when it was finished. From the oldest on.
finished_backups() {
    local backup
    for backup in /backups/20*Z/; do [[ ! -f $backup/complete ]] || basename "$backup"; done | sort
}

newest_backup() { finished_backups | tail -n 1; }

require_backup() {
    [[ $1 && -f /backups/$1/complete ]] || die "there is no finished backup ${1:-at all}; there are:
$(finished_backups | sed 's/^/  /')"
}

# is_log NAME: a whole segment of the write-ahead log, or the history of a timeline.
is_log() { [[ $1 =~ ^([0-9A-F]{24}|[0-9A-F]{8}\.history)$ ]]; }

# What lies in objects/, with sizes, as backups list it.
objects_here() { (cd /backups/objects && find . -type f -printf '%s %P\n' | sort); }

# sums_of LIST: the checksums of the objects in it. Where there is none, one that no object has.
sums_of() {
    awk 'FILENAME == ARGV[1] { sums[substr($0, 67)] = $0; next }
        { key = substr($0, index($0, " ") + 1) }
        key in sums { print sums[key]; next }
        { printf "%064d  %s\n", 0, key }' "$object_sums" "$1"
}

# check_objects BACKUP: what it lists is in objects/, as long as it was and with the checksum that it had when it was copied.
check_objects() {
    local list=/backups/$1/objects missing told
    [[ -s $list ]] || return 0
    missing=$(comm -13 <(objects_here) "$list" | sed -n '1s/^[0-9]* //p')
    [[ ! $missing ]] || die "object $missing of backup $1 is missing in objects/, or not as long as it was"
    if [[ ! -f $object_sums ]]; then
        say "$(basename "$0"): objects have no checksums yet, only sizes; the next backup makes them" >&2
        return
    fi
    told=$(sums_of "$list" | (cd /backups/objects && sha256sum --quiet -c - 2>/dev/null)) ||
        die "object $(sed -n '1s/: FAILED.*//p' <<<"$told") of backup $1 is damaged: it has not the checksum that it was copied with"
}
