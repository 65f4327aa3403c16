#!/usr/bin/env bash
# Deploys services in a new version, one after the other, so that no request is lost; puts everything back when one fails.
#
#   deploy.sh --tag TAG [SERVICE…]      all services when none is named
#     --dry-run            say what would be done, do nothing
#     --no-backup          do not back up first
#     --allow-destructive  apply migrations that the running version may not survive
#     --help
#
# For each service: its image and settings are checked, its migrations applied (they must leave the running version
# working: expand now, contract in a later version), as many new replicas started beside the old as there are, waited for,
# tried through the gateway; then the old ones finish what they do and go. On any failure the new ones go instead, and
# what was deployed in the same run goes back too. A migration stays: the old version works with it.
# With Swarm its own rolling update does this, start-first, and rolls back by itself; settings and migrations are not
# looked at beforehand there.
set -euo pipefail
source "$(dirname "$0")/roll.sh"

tag='' services=() backup=yes destructive=no
while (($#)); do
    case $1 in
        --tag) tag=${2:?--tag needs a value} && shift ;;
        --dry-run) dry_run=yes ;;
        --no-backup) backup=no ;;
        --allow-destructive) destructive=yes ;;
        --help) help && exit ;;
        -*) die "unknown option $1; see --help" ;;
        *) require_service "$1" && services+=("$1") ;;
    esac
    shift
done
[[ $tag ]] || die "say which version: --tag 1.0; see --help"
whole=no
((${#services[@]})) || { services=("${all_services[@]}") && whole=yes; }

check_image() {
    local image
    image=$(image_of "$1" "$tag")
    docker image inspect "$image" >/dev/null 2>&1 || docker pull -q "$image" >/dev/null 2>&1 ||
        die "there is no image $image, here or in its registry"
}

# The new version judges the settings that it will get.
check_settings() {
    local told
    told=$(with_tag "$1" "$tag" run_once "$1" config 2>&1) || die "$1 $tag does not accept its settings:
$(grep -vE '^[A-Z#]|^    ' <<<"$told" | tail -n 20)"
}

# Words that take something away from the version that still runs. DROP … IF EXISTS of what was made in the same script,
# such as a function that is replaced, is found too: look, then allow it.
destructive_words='\<DROP\>|\<RENAME\>|\<ALTER (COLUMN )?[a-z_]+ ((SET DATA )?TYPE|SET NOT NULL)\>|\<TRUNCATE\>|\<DELETE FROM\>'
# What no statement of the version that still runs can miss.
harmless_words='\<DROP (INDEX|TRIGGER|NOT NULL|DEFAULT)\>'

check_migrations() {
    local pending suspicious
    pending=$(with_tag "$1" "$tag" run_once "$1" migrate --dry-run --sql) ||
        die "$1 $tag could not tell its migrations: $pending"
    suspicious=$(grep -vE '^ *--' <<<"$pending" | sed -E "s/$harmless_words//Ig" | grep -nEi "$destructive_words" || true)
    if [[ $suspicious && $destructive == no && $(tag_of "$1") ]]; then
        die "a migration of $1 takes something away that version $(tag_of "$1") may still use:
$suspicious
Deploy a version without it first, or allow it with --allow-destructive."
    fi
}

deployed=() deploying='' outcome=
# Leaves in "outcome" how that went.
put_back() {
    local service exceptions=()
    # Interrupted while the old ones finished: the new ones have the service already.
    if [[ $deploying ]] && has_settled "$deploying"; then deployed+=("$deploying"); fi
    use_settings_of_before
    for service in "${deployed[@]}"; do
        if [[ ! ${before[$service]} ]]; then
            exceptions+=("$service stays, for this was its first time.")
        elif say "Putting $service back: $tag → ${before[$service]}" && roll "$service" "${before[$service]}"; then
            note_history rollback "$service" "${before[$service]}" "$tag" "done"
        else
            note_history rollback "$service" "${before[$service]}" "$tag" failed
            exceptions+=("$service could not be put back; see status.sh.")
        fi
    done
    ! gateway_is_lost || exceptions+=("The gateway did not come back; see status.sh.")
    if ((${#exceptions[@]})); then outcome=${exceptions[*]}; else outcome="All is as it was before."; fi
}

deploy() {
    local service=$1
    say "$service: ${before[$service]:-nothing} → $tag"
    deploying=$service
    if is_data_service "$service"; then
        migrate "$service" "$tag" || fail "$service" "its migration failed"
    fi
    roll "$service" "$tag" || fail "$service" "it did not become healthy, or did not answer as it should"
    note_history deploy "$service" "$tag" "${before[$service]:--}" "done"
    deploying=
    deployed+=("$service")
}

# In this version when all are of it, and with the settings of now. Interrupting a backup does no harm: an unfinished one counts
# for nothing.
run_scheduled_backups() {
    [[ $whole == no ]] || record BACKUP_TAG "$tag"
    [[ $(engine) == compose && $(recorded BACKUP_TAG) ]] || return 0
    compose up -d --no-deps backup >"$state/compose.log" 2>&1 ||
        die "the services are deployed, but nothing is backed up any more: $(cat "$state/compose.log")"
}

back_up_first() {
    [[ $backup == yes && ${before[*]} =~ [^\ ] ]] || return 0
    if [[ $(recorded BACKUP_TAG)${LYCEUM_BACKUP_TAG-} ]]; then
        deploy/backup.sh --locked
    else
        say "Nothing is backed up before all services are deployed in one version: deploy.sh --tag $tag"
    fi
}

fail() {
    note_history deploy "$1" "$tag" "${before[$1]:--}" failed
    deploying=
    put_back
    die "$1 $tag was not deployed: $2. $outcome"
}

interrupted() {
    trap '' INT TERM HUP
    say "Interrupted"
    roll_back_unfinished
    [[ ! $deploying ]] || note_history deploy "$deploying" "$tag" "${before[$deploying]:--}" interrupted
    put_back
    say "$outcome"
    exit 130
}

require_engine
lock
export_settings
make_secrets
declare -A before
for service in "${services[@]}"; do before[$service]=$(tag_of "$service"); done
for service in "${services[@]}"; do check_image "$service"; done
[[ $whole == no ]] || check_image backup

network_fits ||
    die "TOKEN_ISSUERS decides whether the network ${project}_services leads outside, and it was made otherwise; \
docs/operations.md tells how it is made anew"

if [[ $dry_run ]]; then
    for service in "${services[@]}"; do
        say "would deploy $service: ${before[$service]:-nothing} → $tag, $(replicas_of "$service") replica(s)"
    done
    exit
fi

if [[ $(engine) == swarm ]] && ! swarm_has_stack; then
    [[ $whole == yes ]] || die "deploy all services the first time: deploy.sh --tag $tag"
    swarm_begin "$tag" || die "the stack did not become whole; status.sh and logs.sh tell more"
    note_configuration
    for service in "${services[@]}"; do note_history deploy "$service" "$tag" - "done"; done
    exit
fi
prepare_foundation
if [[ $(engine) == compose ]]; then
    for service in "${services[@]}"; do check_settings "$service"; done
    for service in "${services[@]}"; do ! is_data_service "$service" || check_migrations "$service"; done
fi
back_up_first
trap interrupted INT TERM HUP
for service in "${services[@]}"; do deploy "$service"; done
trap - INT TERM HUP
note_configuration
[[ " ${services[*]} " != *" gateway "* ]] || renew_port
run_scheduled_backups
say "Deployed: ${services[*]} $tag"
