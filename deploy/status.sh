#!/usr/bin/env bash
# Says which version of each service runs, in how many replicas, how they are, what memory they and their images take, and
# what was done last.
#
#   status.sh [--help]       ends with 1 when something is not as it should be
set -euo pipefail
source "$(dirname "$0")/lib.sh"

[[ ${1-} != --help ]] || { help && exit; }
require_engine
prepare_state
ill=0

image_size() {
    docker image inspect --format '{{.Size}}' "$(image_of "$1" "$(tag_of "$1")")" 2>/dev/null |
        awk '{ printf "%d MB\n", $1 / 1000000 }' | grep . || say -
}

printf '%-10s %-12s %-10s %-10s %-22s %s\n' service version replicas image memory health
for service in "${all_services[@]}"; do
    healthy=0 total=0 told='' memory=''
    for container in $(running_of "$service"); do
        total=$((total + 1))
        memory+=" $(docker stats --no-stream --format '{{.MemUsage}}' "$container" | cut -d/ -f1 | tr -d ' ')"
        if [[ $(health_of "$container") == healthy ]]; then healthy=$((healthy + 1)); else told+=" $(health_of "$container")"; fi
    done
    ((healthy == $(replicas_of "$service") && total == healthy)) || ill=1
    printf '%-10s %-12s %-10s %-10s %-22s %s\n' "$service" "$(tag_of "$service" | grep . || say -)" \
        "$total/$(replicas_of "$service")" "$(image_size "$service")" "${memory# }" "$healthy healthy$told"
done
if port_is_held; then
    container=$(containers_of port)
    if [[ $container && $(health_of "$container") == healthy ]]; then
        say "port       is held ($(recorded PORT_TAG)), $(docker stats --no-stream --format '{{.MemUsage}}' "$container" | cut -d/ -f1)"
    else
        ill=1
        say "port       is NOT held; docker logs tells why"
    fi
fi
say
printf '%-28s ' "$(public_url)/health"
curl -s -m 5 "$(public_url)/health" || { ill=1 && printf 'no answer'; }
say
if [[ -s $state/history ]]; then
    say
    say "last changes:"
    tail -n 5 "$state/history" | sed 's/^/  /'
fi
exit "$ill"
