#!/usr/bin/env bash
# Backs up every day at BACKUP_TIME (03:15 UTC by default) until it is stopped; a failure is told and tried again in an hour.
# With BACKUP_WAL=yes it receives the write-ahead log besides.
set -euo pipefail

at=${BACKUP_TIME:-03:15}
trap 'exit 0' INT TERM
[[ ${BACKUP_WAL:-no} != yes ]] || "$(dirname "$0")/archive.sh" &
while true; do
    now=$(date -u +%s)
    next=$(date -u -d "today $at" +%s)
    ((next > now)) || next=$(date -u -d "tomorrow $at" +%s)
    sleep $((next - now)) &
    wait $!
    until "$(dirname "$0")/backup.sh"; do
        echo "schedule: the backup failed; again in an hour" >&2
        sleep 3600 &
        wait $!
    done
done
