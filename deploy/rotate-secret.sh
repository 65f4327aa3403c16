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
# With Compose only: Swarm's secrets can't change.
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
case $name in
    internal_secret) affected=("${all_services[@]}") secret=internal_secret ;;
    auth | content | media | analytics) affected=("$name") secret=${name}_database_password ;;
    postgres_password) affected=() secret=postgres_password ;;
    graph_password) affected=(content) secret=graph_password ;;
    '') die "say which secret; see --help" ;;
    *) die "there is no secret $name that can be rotated; see --help" ;;
esac
[[ $(engine) == compose ]] || die "a stack's secrets can't change; docs/operations.md tells what to do instead"
say "$secret: a new value, then new containers of ${affected[*]:-none}"
[[ ! $dry_run ]] || exit 0

# set_secret OLD NEW: where it is checked, too; in PostgreSQL and Neo4j while the old one is still good.
set_secret() {
    case $secret in
        postgres_password) change_superuser_password "$1" "$2" ;;
        graph_password) change_graph_password "$1" "$2" ;;
    esac
    write_secret "$secret" "$2"
    derive_secrets
    [[ $secret != *_database_password ]] || prepare_foundation
}

before=$(read_secret "$secret")
fresh=$(random_secret)
set_secret "$before" "$fresh"
renewed=()
for service in "${affected[@]}"; do
    roll "$service" "$(tag_of "$service")" || {
        set_secret "$fresh" "$before"
        for other in "${renewed[@]}"; do roll "$other" "$(tag_of "$other")" || say "$other still has the new $secret"; done
        die "$service did not become healthy with the new $secret; the old one is back"
    }
    renewed+=("$service")
done
note_history rotate "$secret" - - "done"
