#!/usr/bin/env bash
# Follows the logs of services, or of all when none is named; Ctrl-C ends it.
#
#   logs.sh [SERVICE…]
#     --since TIME         as 10m or 2026-01-31T12:00:00; 10m by default
#     --no-follow          what there is, and no more
#     --help
set -euo pipefail
source "$(dirname "$0")/lib.sh"

services=() since=10m follow=(-f)
while (($#)); do
    case $1 in
        --since) since=${2:?--since needs a value} && shift ;;
        --no-follow) follow=() ;;
        --help) help && exit ;;
        -*) die "unknown option $1; see --help" ;;
        *) services+=("$1") ;;
    esac
    shift
done
((${#services[@]})) || services=("${all_services[@]}")

require_engine
trap 'exit 0' INT TERM
for service in "${services[@]}"; do
    for container in $(running_of "$service"); do
        docker logs "${follow[@]}" --since "$since" "$container" 2>&1 | sed -u "s/^/$service ${container:0:4} | /" &
    done
done
wait
