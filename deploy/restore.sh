#!/usr/bin/env bash
# Puts a backup back: everything, or the schemas of some services. They are stopped for it, and started again.
#
#   restore.sh [--from NAME] [SERVICE…]   from the newest backup when none is named
#   restore.sh --to-time TIME             all of PostgreSQL as it was then (2026-01-31T12:00:00Z), or "latest": as far as the
#                                         log reaches. Needs backups with BACKUP_WAL=yes
#   restore.sh --configuration            settings, versions, history; secrets from an encrypted backup. Files that are others
#                                         now are kept, and the backup's laid beside the state
#     --replace            of the configuration: replace those, too; each is kept as FILE.before
#     --yes                do not ask
#     --dry-run, --help
#
# LYCEUM_BACKUP_KEY names the file with the age identity that can read an encrypted backup. Each table and object is compared with the backup afterwards. A service that is restored alone may speak of others' data
# that is newer; docs/operations.md tells what to look at.
set -euo pipefail
source "$(dirname "$0")/configuration.sh"
# shellcheck source=recovery.sh
source "$root/deploy/recovery.sh"

from=latest services=() sure=no time='' configuration=no replace=no
while (($#)); do
    case $1 in
        --from) from=${2:?--from needs a value} && shift ;;
        --to-time) time=${2:?--to-time needs a value} && shift ;;
        --configuration) configuration=yes ;;
        --replace) replace=yes ;;
        --yes) sure=yes ;;
        --dry-run) dry_run=yes ;;
        --help) help && exit ;;
        -*) die "unknown option $1; see --help" ;;
        *)
            require_service "$1"
            is_data_service "$1" || die "the $1 has no data"
            services+=("$1")
            ;;
    esac
    shift
done
[[ ! $time || ${#services[@]} -eq 0 ]] || die "to a point in time goes all of PostgreSQL, not ${services[*]} alone"
((${#services[@]})) || services=("${data_services[@]}")

require_engine
lock
if [[ $configuration == yes ]]; then
    restore_configuration "$from" "$replace"
    exit
fi
make_secrets
if [[ $sure == no && ! $dry_run ]]; then
    read -r -p "This replaces the data of ${services[*]} by that of ${time:-the backup $from}. Type yes: " answer
    [[ $answer == yes ]] || die "nothing was done"
fi
[[ $time ]] || run prepare_foundation
# What was restored may be of an older version than what runs. Whatever fails with one, the others start.
start_again() {
    local service tag failed=()
    for service in "${services[@]}"; do
        tag=$(tag_of "$service")
        [[ $tag ]] || continue
        run migrate "$service" "$tag" || failed+=("$service could not be migrated")
        run start_all_of "$service" || failed+=("$service did not start")
    done
    note_configuration
    ((${#failed[@]} == 0)) || die "$(printf '%s; ' "${failed[@]}")see status.sh and logs.sh"
}
trap start_again EXIT
for service in "${services[@]}"; do run stop_all_of "$service"; done
if [[ $time ]]; then
    run recover_to "$time"
else
    run in_backup restore.sh "$from" "${services[@]}"
fi
note_history restore "${services[*]}" "${time:-$from}" - "done"
