#!/usr/bin/env bash
# Gives a secret a new random value and replaces, one after the other, the containers that know it.
#
#   rotate-secret.sh NAME
#     internal_secret                    all services; calls between old and new fail until all are replaced, and are sent again
#     auth|content|media|analytics       the password of the service's role in PostgreSQL
#     postgres_password                  the superuser's, which only provisioning and backups use
#     --dry-run, --help
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
    '') die "say which secret; see --help" ;;
    *) die "there is no secret $name that can be rotated; see --help" ;;
esac
say "$secret: a new value, then new containers of ${affected[*]:-none}"
[[ ! $dry_run ]] || exit 0

before=$(read_secret "$secret")
if [[ $secret == postgres_password ]]; then
    # Set in the database while the old one is still good.
    fresh=$(random_secret)
    change_superuser_password "$before" "$fresh"
    write_secret "$secret" "$fresh"
else
    write_secret "$secret" "$(random_secret)"
    derive_secrets
    [[ $secret == internal_secret ]] || prepare_foundation
fi
for service in "${affected[@]}"; do
    roll "$service" "$(tag_of "$service")" || {
        write_secret "$secret" "$before"
        derive_secrets
        [[ $secret == internal_secret ]] || prepare_foundation
        die "$service did not become healthy with the new $secret; the old one is back"
    }
done
note_history rotate "$secret" - - "done"
