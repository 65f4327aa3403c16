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
# such as a trigger that is replaced, is found too: look, then allow it.
destructive_words='DROP (TABLE|COLUMN|SCHEMA|TYPE|VIEW)|RENAME (TO|COLUMN)|ALTER COLUMN [a-z_]+ (TYPE|SET NOT NULL)|TRUNCATE|DELETE FROM'

check_migrations() {
    local pending suspicious
    pending=$(with_tag "$1" "$tag" run_once "$1" migrate --dry-run --sql) ||
        die "$1 $tag could not tell its migrations: $pending"
    suspicious=$(grep -vE '^ *--' <<<"$pending" | grep -nEi "$destructive_words" || true)
    if [[ $suspicious && $destructive == no && $(tag_of "$1") ]]; then
        die "a migration of $1 takes something away that version $(tag_of "$1") may still use:
$suspicious
Deploy a version without it first, or allow it with --allow-destructive."
    fi
}

deployed=()
put_back() {
    local service
    ((${#deployed[@]})) || return 0
    say "Putting back what this run has deployed: ${deployed[*]}"
    for service in "${deployed[@]}"; do
        [[ ${before[$service]} ]] || continue
        roll "$service" "${before[$service]}" || say "  $service could not be put back; see status.sh"
    done
}

deploy() {
    local service=$1
    say "$service: ${before[$service]:-nothing} → $tag"
    if is_data_service "$service"; then
        migrate "$service" "$tag" || fail "$service" "its migration failed"
    fi
    roll "$service" "$tag" || fail "$service" "it did not become healthy, or did not answer as it should"
    note_history deploy "$service" "$tag" "${before[$service]:--}" "done"
    deployed+=("$service")
}

# Interrupting a backup does no harm: an unfinished one counts for nothing.
run_scheduled_backups() {
    record BACKUP_TAG "$tag"
    if [[ $(engine) == compose ]]; then compose up -d --no-deps backup >/dev/null 2>&1 || say "the container of backups did not start"; fi
}

fail() {
    note_history deploy "$1" "$tag" "${before[$1]:--}" failed
    trap - EXIT
    put_back
    die "$1 $tag was not deployed: $2. All is as it was before."
}

interrupted() {
    trap '' INT TERM
    say "Interrupted"
    roll_back_unfinished
    put_back
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
if [[ $backup == yes && ${before[*]} =~ [^\ ] ]]; then deploy/backup.sh --locked; fi
trap interrupted INT TERM
for service in "${services[@]}"; do deploy "$service"; done
note_configuration
[[ $whole == no ]] || run_scheduled_backups
say "Deployed: ${services[*]} $tag"
