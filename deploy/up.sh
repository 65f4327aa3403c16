#!/usr/bin/env bash
# The development stack: makes .env with random secrets where they are missing, builds, starts, waits until all is healthy.
#
#   up.sh [COMPOSE ARGUMENTS…]          for docker-compose.yml
#   up.sh --environment-only [FILE]     makes FILE, .env by default, and no more
#   up.sh --down                        stops the stack; its data stays
#     --help
#
# PROFILES="monitoring kratos" brings those up, too. What .env says already is kept. Not from the folder that production is
# deployed from: both would have one .env.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

make_environment() {
    local name
    # Another name than production's, whatever the folders are called.
    [[ -s $1 ]] || say "COMPOSE_PROJECT_NAME=lyceum-dev" >"$1"
    chmod 600 "$1"
    for name in INTERNAL_SECRET POSTGRES_PASSWORD AUTH_DATABASE_PASSWORD CONTENT_DATABASE_PASSWORD MEDIA_DATABASE_PASSWORD \
        ANALYTICS_DATABASE_PASSWORD STORAGE_ACCESS_KEY STORAGE_SECRET_KEY GRAPH_PASSWORD GRAFANA_PASSWORD KRATOS_DATABASE_PASSWORD KRATOS_SECRET; do
        grep -q "^$name=." "$1" || say "$name=$(random_secret)" >>"$1"
    done
}

refuse_production() {
    [[ ! -s $state/versions && $(setting LYCEUM_MODE) != production ]] || die "production is deployed from this folder; the development stack wants a clone of its own"
}

# All profiles, whichever were brought up.
down() {
    require_engine
    read -ra compose <<<"$(compose_program)"
    "${compose[@]}" --profile monitoring --profile kratos down
}

case ${1-} in
    --help) help && exit ;;
    --down) refuse_production && down && exit ;;
    --environment-only) make_environment "${2:-.env}" && exit ;;
esac

refuse_production
require_engine
make_environment .env
profiles=()
for profile in ${PROFILES-}; do
    profiles+=(--profile "$profile")
    [[ $profile != kratos ]] || export IDENTITY_URL='kratos+http://kratos:4433?admin=http://kratos:4434'
done
read -ra compose <<<"$(compose_program)"
export DOCKER_BUILDKIT=1 COMPOSE_DOCKER_CLI_BUILD=1
[[ ${BINARIES-} == prebuilt ]] || say "Building the images; the first time takes ten minutes"
"${compose[@]}" "${profiles[@]}" build auth content media analytics gateway
"${compose[@]}" "${profiles[@]}" up -d "$@"
deadline=$((SECONDS + patience))
# Where Compose has found it, too.
bind=${LYCEUM_BIND:-$(setting LYCEUM_BIND)} gateway_port=${LYCEUM_PORT:-$(setting LYCEUM_PORT)} mail_port=${MAILPIT_PORT:-$(setting MAILPIT_PORT)}
[[ $bind && $bind != 0.0.0.0 ]] || bind=127.0.0.1
url=http://$bind:${gateway_port:-8080}
until curl -fs -m 2 "$url/health" | grep -q '"status":"ok"'; do
    ((SECONDS < deadline)) || die "not healthy after $patience s: ${compose[*]} ps, and ${compose[*]} logs, tell more"
    sleep 0.5
done
say "Lyceum runs at $url; mails are at http://$bind:${mail_port:-8025}; ${compose[*]} down ends it"
