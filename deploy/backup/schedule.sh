#!/usr/bin/env bash
# Backs up every day at BACKUP_TIME (03:15 UTC by default) until it is stopped; a failure is told and tried again in an hour.
# With BACKUP_WAL=yes it receives the write-ahead log besides.
set -euo pipefail
# Each child leads a group of its own.
set -m

at=${BACKUP_TIME:-03:15}

# A backup under way ends with all that it has started, and takes away what it has made so far.
stop() {
    if [[ ${backup-} ]]; then
        kill -TERM -- "-$backup" || true
        wait "$backup" || true
    fi
    exit 0
}

# In the background, for bash looks at signals only when what is in front has ended.
back_up() {
    local status=0
    "$(dirname "$0")/backup.sh" &
    backup=$!
    wait "$backup" || status=$?
    backup=
    return "$status"
}

trap stop INT TERM
[[ ${BACKUP_WAL:-no} != yes ]] || "$(dirname "$0")/archive.sh" &
while true; do
    now=$(date -u +%s)
    next=$(date -u -d "today $at" +%s)
    ((next > now)) || next=$(date -u -d "tomorrow $at" +%s)
    sleep $((next - now)) &
    wait $!
    until back_up; do
        echo "schedule: the backup failed; again in an hour" >&2
        sleep 3600 &
        wait $!
    done
done
