#!/usr/bin/env bash
# Runs so many replicas of a service from now on.
#
#   scale.sh SERVICE N
#     --dry-run            say what would be done, do nothing
#     --help
#
# New ones are waited for; those too many finish what they do. The gateway finds both by itself.
set -euo pipefail
source "$(dirname "$0")/roll.sh"

words=()
for word in "$@"; do
    case $word in
        --dry-run) dry_run=yes ;;
        --help) help && exit ;;
        -*) die "unknown option $word; see --help" ;;
        *) words+=("$word") ;;
    esac
done
((${#words[@]} == 2)) || die "say which service, and how many: scale.sh content 3"
service=${words[0]} count=${words[1]}
require_service "$service"
[[ $count =~ ^[1-9][0-9]?$ ]] || die "the number of replicas must be from 1 to 99, not $count"

require_engine
lock
tag=$(tag_of "$service")
[[ $tag ]] || die "$service has not been deployed; deploy.sh does that"
say "$service: $(replicas_of "$service") → $count replica(s)"
[[ ! $dry_run ]] || exit 0
interrupted() {
    trap '' INT TERM HUP
    roll_back_unfinished
    [[ $(replicas_of "$service") != "$count" ]] || note_history scale "$service" "$tag" "$tag" "$count"
    exit 130
}
trap interrupted INT TERM HUP
resize "$service" "$count" || die "$service stays as it was"
note_history scale "$service" "$tag" "$tag" "$count"
note_configuration
