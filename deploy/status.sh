#!/usr/bin/env bash
# Says which version of each service runs, in how many replicas, how they are, what memory they and their images take, when all
# was backed up last, and what else was done.
#
#   status.sh [--help]       ends with 1 when something is not as it should be; of a stack it counts what runs on this node
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
# The scheduled backups are of no version before the first whole deployment.
[[ ! $(recorded BACKUP_TAG) ]] || foundation+=(backup)
for part in "${foundation[@]}"; do
    container=$(running_of "$part" | head -n 1)
    if [[ $container && $(health_of "$container") =~ ^(healthy|running)$ ]]; then continue; fi
    ill=1
    say "$part: $(if [[ $container ]]; then health_of "$container"; else say "does not run here"; fi)"
done
# seconds_since TIME, as folders of backups are named, or as Docker tells it.
seconds_since() { say $(($(date -u +%s) - $(date -u -d "$(sed -E 's/(T[0-9]{2})([0-9]{2})([0-9]{2}Z)/\1:\2:\3/' <<<"$1")" +%s))); }

say
if [[ $(recorded BACKUP_TAG) ]]; then
    last=$(finished_backups | tail -n 1)
    printf '%-28s %s' "last backup" "${last:-none}"
    # Every night, since there is somebody who does it; one may take long.
    since=${last:-$(docker inspect --format '{{.Created}}' "$(running_of backup | head -n 1)" 2>/dev/null || date -u +%FT%TZ)}
    if (($(seconds_since "$since") > 36 * 3600)); then
        ill=1
        printf '; there should be one each night: docker logs of the container backup tells why'
    fi
    say
fi
printf '%-28s ' "$(public_url)/health"
if ! answer=$(curl -ks -m 5 -w '\n%{http_code}' "$(public_url)/health"); then
    ill=1 answer="no answer"
elif [[ $answer != *$'\n'200 ]]; then
    ill=1
fi
say "${answer%$'\n'*}"
if [[ -s $state/history ]]; then
    say
    say "last changes:"
    tail -n 5 "$state/history" | sed 's/^/  /'
fi
exit "$ill"
