#!/usr/bin/env bash
# Puts a backup back: everything, or the schemas of some services. They are stopped for it, and started again.
#
#   restore.sh [--from NAME] [SERVICE…]   from the newest backup when none is named
#     --yes                do not ask
#     --dry-run, --help
#
# Each table and object is compared with the backup afterwards. A service that is restored alone may speak of others' data
# that is newer; docs/operations.md tells what to look at.
set -euo pipefail
source "$(dirname "$0")/roll.sh"

from=latest services=() sure=no
while (($#)); do
    case $1 in
        --from) from=${2:?--from needs a value} && shift ;;
        --yes) sure=yes ;;
        --dry-run) dry_run=yes ;;
        --help) help && exit ;;
        -*) die "unknown option $1; see --help" ;;
        *) require_service "$1" && is_data_service "$1" && services+=("$1") ;;
    esac
    shift
done
((${#services[@]})) || services=("${data_services[@]}")

require_engine
lock
make_secrets
if [[ $sure == no && ! $dry_run ]]; then
    read -r -p "This replaces the data of ${services[*]} by that of the backup $from. Type yes: " answer
    [[ $answer == yes ]] || die "nothing was done"
fi
run prepare_foundation
start_again() {
    local service
    for service in "${services[@]}"; do [[ ! $(tag_of "$service") ]] || run start_all_of "$service"; done
}
trap start_again EXIT
for service in "${services[@]}"; do run stop_all_of "$service"; done
run in_backup restore.sh "$from" "${services[@]}"
note_history restore "${services[*]}" "$from" - "done"
