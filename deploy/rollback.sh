#!/usr/bin/env bash
# Goes back to a version that ran before, in the same way as a deployment goes forward.
#
#   rollback.sh SERVICE [--to TAG]   by default to what the last deployment of the service replaced
#     --dry-run            say what would be done, do nothing
#     --help
#
# Migrations stay: they leave the version before them working. Data is not put back; restore.sh does that.
set -euo pipefail
source "$(dirname "$0")/roll.sh"

service='' to=''
while (($#)); do
    case $1 in
        --to) to=${2:?--to needs a value} && shift ;;
        --dry-run) dry_run=yes ;;
        --help) help && exit ;;
        -*) die "unknown option $1; see --help" ;;
        *) require_service "$1" && service=$1 ;;
    esac
    shift
done
[[ $service ]] || die "say which service: ${all_services[*]}"

require_engine
lock
now=$(tag_of "$service")
[[ $now ]] || die "$service has not been deployed"
# The newest deployment that brought the present version names the one before it; a rollback would name a later one.
[[ $to ]] || to=$(awk -F '\t' -v service="$service" -v now="$now" \
    '$2 == "deploy" && $3 == service && $4 == now && $5 != now && $6 == "done" { before = $5 } END { print before }' "$state/history")
[[ $to && $to != - ]] || die "the history knows of no version of $service before $now; say one: --to TAG"
[[ $to != "$now" ]] || { say "$service runs $now already" && exit; }
docker image inspect "$(image_of "$service" "$to")" >/dev/null 2>&1 ||
    docker pull -q "$(image_of "$service" "$to")" >/dev/null || die "there is no image $(image_of "$service" "$to")"
if [[ $dry_run ]]; then
    say "would roll $service back: $now → $to"
    exit
fi
interrupted() {
    trap '' INT TERM HUP
    roll_back_unfinished
    ! has_settled "$service" || note_history rollback "$service" "$to" "$now" "done"
    exit 130
}
trap interrupted INT TERM HUP
say "$service: $now → $to"
if ! roll "$service" "$to"; then
    note_history rollback "$service" "$to" "$now" failed
    die "$service stays at $now: $to did not become healthy"
fi
trap - INT TERM HUP
note_history rollback "$service" "$to" "$now" "done"
note_configuration
[[ $service != gateway ]] || renew_port
