#!/usr/bin/env bash
# Backs up now, beside what the container "backup" does every night. Backups are in LYCEUM_BACKUPS, backups/ in the state
# folder by default: take them to another machine, too.
#
#   backup.sh
#     --verify             restore it into a scratch database, compare counts and checksums, throw that away
#     --list               what backups there are
#     --dry-run, --help
set -euo pipefail
source "$(dirname "$0")/roll.sh"

verify=no locked=no
for word in "$@"; do
    case $word in
        --verify) verify=yes ;;
        # deploy.sh has the lock already.
        --locked) locked=yes ;;
        --list)
            for name in $(finished_backups); do
                say "$name $(du -sh "${LYCEUM_BACKUPS:-$state/backups}/$name" | cut -f1)"
            done
            exit
            ;;
        --dry-run) dry_run=yes ;;
        --help) help && exit ;;
        *) die "unknown option $word; see --help" ;;
    esac
done

require_engine
[[ $locked == yes ]] || lock
run in_backup backup.sh
[[ $verify == no ]] || run scratch_restore
