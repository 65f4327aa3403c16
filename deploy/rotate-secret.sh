#!/usr/bin/env bash
# Gives a secret a new random value and replaces, one after the other, the containers that know it.
#
#   rotate-secret.sh NAME
#     internal_secret                    all services; calls between old and new fail until all are replaced, and are sent again
#     auth|content|media|analytics       the password of the service's role in PostgreSQL
#     postgres_password                  the superuser's, which only provisioning and backups use
#     graph_password                     Neo4j's
#     --dry-run, --help
#
# On any failure, and on Ctrl-C, the old value comes back. With Compose only: Swarm's secrets can't change.
set -euo pipefail
source "$(dirname "$0")/roll.sh"

name=''
for word in "$@"; do
    case $word in
        --dry-run) dry_run=yes ;;
        --help) help && exit ;;
        -*) die "unknown option $word; see --help" ;;
        *) name=$word ;;
    esac
done

require_engine
lock
make_secrets
url=''
case $name in
    internal_secret) affected=("${all_services[@]}") secret=internal_secret ;;
    auth | content | media | analytics) affected=("$name") secret=${name}_database_password url=${name}_database_url ;;
    postgres_password) affected=() secret=postgres_password ;;
    graph_password) affected=(content) secret=graph_password url=graph_url ;;
    '') die "say which secret; see --help" ;;
    *) die "there is no secret $name that can be rotated; see --help" ;;
esac
[[ $(engine) == compose ]] || die "a stack's secrets can't change; docs/operations.md tells what to do instead"
[[ ! $url || $(read_secret "$url") =~ @(postgres:5432|neo4j:7687)/ ]] ||
    die "the server is not of this stack: change the password there, write the URL into $(secret_file "$url"), and deploy ${affected[*]} again"
say "$secret: a new value, then new containers of ${affected[*]:-none}"
[[ ! $dry_run ]] || exit 0

# set_secret OLD NEW: where it is checked, too, if it is not NEW there already: the run before may have been killed.
set_secret() {
    case $secret in
        postgres_password) change_superuser_password "$1" "$2" 2>/dev/null || change_superuser_password "$2" "$2" ;;
        graph_password) change_graph_password "$1" "$2" 2>/dev/null || takes_graph_password "$2" ;;
    esac || die "$secret was not changed: its server refused it"
    write_secret "$secret" "$2"
    derive_secrets
    [[ $secret != *_database_password ]] || prepare_foundation
}

# give_up WHY: what has been renewed gets the old one again.
give_up() {
    local service
    trap '' INT TERM HUP
    roll_back_unfinished
    set_secret "$fresh" "$before"
    for service in "${renewed[@]}"; do roll "$service" "$(tag_of "$service")" || say "$service still has the new $secret"; done
    die "$1; the old $secret is back"
}

before=$(read_secret "$secret")
# Kept until it is in place: it may be the only one that its server takes.
fresh=$(read_secret "$secret.next" || random_secret)
write_secret "$secret.next" "$fresh"
renewed=()
trap '' INT TERM HUP
set_secret "$before" "$fresh"
rm "$(secret_file "$secret.next")"
trap 'give_up Interrupted' INT TERM HUP
for service in "${affected[@]}"; do
    # Interrupted while the old replicas end, the new ones are there already.
    renewed+=("$service")
    roll "$service" "$(tag_of "$service")" || give_up "$service did not become healthy with the new $secret"
done
note_history rotate "$secret" - - "done"
note_configuration
