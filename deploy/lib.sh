# shellcheck shell=bash
# What the scripts in deploy/ share: the engine, the state on disk, secrets, health. Sourced, never run.
#
#   LYCEUM_STATE      folder of versions, history, secrets and backups; .local/deploy by default
#   LYCEUM_PROJECT    name of the Compose project or Swarm stack; lyceum by default
#   LYCEUM_ENGINE     compose or swarm; swarm by default where the engine is a manager of one
#   LYCEUM_FOUNDATION what runs in containers beside the services, from the first deployment on: "postgres minio neo4j" by
#                     default; without neo4j the graph is in PostgreSQL
#   LYCEUM_IMAGES     registry and folder of the images; lyceum by default
#   LYCEUM_PUBLISH    where the gateway is published: a port, or address:port; 8080 by default
#   LYCEUM_URL        where users find the gateway, when it is tried; http or https at LYCEUM_PUBLISH by default
#   LYCEUM_BACKUP_TAG version of the image that backs up, by default the one deployed last
#   LYCEUM_BACKUP_KEY file with the age identity that can read backups, when they are encrypted
#   LYCEUM_CONFIGURATION  folder that gateway and auth see as /etc/lyceum on one host; configuration in the state by default
#   LYCEUM_COMPOSE    "docker compose", taken where it is there, or "docker-compose" of version 1.29
#   LYCEUM_PATIENCE   seconds that new containers may take to become healthy; 90 by default

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit

data_services=(auth content media analytics)
# shellcheck disable=SC2034 # for the scripts
all_services=("${data_services[@]}" gateway)
state=$(realpath -m "${LYCEUM_STATE:-.local/deploy}")
project=${LYCEUM_PROJECT:-lyceum}
patience=${LYCEUM_PATIENCE:-90}
dry_run=

say() { printf '%s\n' "$*"; }

die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# The comment at the head of the script is its help.
help() { sed -n '2,/^[^#]/ { /^#/ s/^# \{0,1\}//p }' "$root/deploy/$(basename "$0")"; }

# Does it, or only says it under --dry-run.
run() {
    if [[ $dry_run ]]; then
        say "would run: $*"
    else
        "$@"
    fi
}

# --- State -------------------------------------------------------------------------------------------------------

prepare_state() {
    mkdir -p "$state/backups" "$state/secrets" "$state/configuration"
    chmod 700 "$state/backups" "$state/secrets"
    touch "$state/versions" "$state/history"
}

# One at a time; whoever comes second is told so.
lock() {
    prepare_state
    exec 9>"$state/lock"
    flock -n 9 || die "another script is at work in $state; try again when it is done"
    [[ ! $(recorded FOUNDATION) || $(recorded FOUNDATION) == "${foundation[*]}" ]] ||
        die "this installation stands on $(recorded FOUNDATION); set LYCEUM_FOUNDATION back, for it is ${foundation[*]} now"
}

# Versions and numbers of replicas, as the Compose file wants them: CONTENT_TAG, CONTENT_REPLICAS.
recorded() { sed -n "s/^$1=//p" "$state/versions" 2>/dev/null; }

record() {
    [[ ! $dry_run ]] || return 0
    if ! { grep -v "^$1=" "$state/versions" || true; say "$1=$2"; } >"$state/versions.new" ||
        ! mv "$state/versions.new" "$state/versions"; then
        die "$state/versions can't be written; is the disk full?"
    fi
}

tag_name() { say "${1^^}_TAG"; }
replicas_name() { say "${1^^}_REPLICAS"; }

# The version that runs, or the one that with_tag tries.
tag_of() { if [[ ${tried_service-} == "$1" ]]; then say "$tried_tag"; else recorded "$(tag_name "$1")"; fi; }

# with_tag SERVICE TAG COMMAND…: in a subshell, as if that version ran.
with_tag() (
    tried_service=$1 tried_tag=$2
    "${@:3}"
)

replicas_of() {
    local count
    count=$(recorded "$(replicas_name "$1")")
    if [[ $count ]]; then say "$count"; elif [[ $1 == gateway ]]; then say 1; else say 2; fi
}
image_of() { say "${LYCEUM_IMAGES:-lyceum}/$1:$2"; }

# One line for each change: time, what, service, tag, tag before, outcome.
note_history() {
    [[ $dry_run ]] || printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$(date -u +%FT%TZ)" "$@" >>"$state/history"
}

# From the oldest on.
finished_backups() {
    local folder
    for folder in "${LYCEUM_BACKUPS:-$state/backups}"/20*Z/; do
        [[ ! -f $folder/complete ]] || basename "$folder"
    done
}

# Whether containers were made with the settings of now.
configured=

# What the services got, for the next backup and for what is put back: .env may be changed long before it is deployed.
note_configuration() {
    [[ ! $dry_run && $configured ]] || return 0
    mkdir -p "$state/deployed"
    (umask 077 && cp "${LYCEUM_ENV_FILE:-.env}" "$state/deployed/environment")
    cp docker-compose.prod.yml deploy/one-host.yml "$state/deployed/"
}

is_service() { [[ " ${all_services[*]} " == *" $1 "* ]]; }

require_service() {
    is_service "$1" || die "there is no service $1; there are ${all_services[*]}"
}

# --- Secrets -----------------------------------------------------------------------------------------------------

random_secret() { od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n'; }

secret_file() { say "$state/secrets/$1"; }

# Containers run as others than the owner: readable by all, in a folder that only the owner can enter.
write_secret() {
    [[ ! $dry_run ]] || return 0
    [[ ! -e $(secret_file "$1") || $(read_secret "$1") != "$2" ]] || return 0
    (umask 077 && printf '%s' "$2" >"$(secret_file "$1").new")
    chmod 444 "$(secret_file "$1").new"
    # Written over, not replaced: what is mounted into a container is this file.
    if [[ -e $(secret_file "$1") ]]; then
        chmod 600 "$(secret_file "$1")"
        cat "$(secret_file "$1").new" >"$(secret_file "$1")"
        chmod 444 "$(secret_file "$1")"
        rm "$(secret_file "$1").new"
    else
        mv "$(secret_file "$1").new" "$(secret_file "$1")"
    fi
}

read_secret() { cat "$(secret_file "$1")" 2>/dev/null; }

# URLs follow from passwords; one that an operator has written for a server elsewhere stays.
derive_secrets() {
    local service
    for service in "${data_services[@]}"; do
        derive_url "${service}_database_url" postgres:5432 \
            "postgres://$service:$(read_secret "${service}_database_password")@postgres:5432/lyceum"
    done
    write_secret graph_auth "neo4j/$(read_secret graph_password)"
    # Without Neo4j the graph is in PostgreSQL.
    if [[ " ${foundation[*]} " == *" neo4j "* ]]; then
        derive_url graph_url neo4j:7687 "bolt://neo4j:$(read_secret graph_password)@neo4j:7687/neo4j"
    else
        derive_url graph_url neo4j:7687 ''
    fi
}

# derive_url NAME SERVER URL: SERVER is the stack's own.
derive_url() {
    local present
    present=$(read_secret "$1" || true)
    [[ $present && $present != *"@$2/"* ]] || write_secret "$1" "$3"
}

# setting NAME: what the settings say, or nothing.
setting() { { sed -n "s/^$1=//p" "${LYCEUM_ENV_FILE:-.env}" 2>/dev/null || true; } | tail -n 1; }

# Makes what is missing, keeps what is there; and takes over from the settings what is to be a file.
make_secrets() {
    local name mail authenticators
    # Where there was none auth took internal_secret, and authenticators are lost with another.
    authenticators=$(setting TWO_FACTOR_SECRET)
    [[ ! $authenticators && -s $(secret_file two_factor_secret) ]] ||
        write_secret two_factor_secret "${authenticators:-$(read_secret internal_secret || random_secret)}"
    for name in internal_secret postgres_password "${data_services[@]/%/_database_password}" storage_access_key \
        storage_secret_key graph_password; do
        [[ -s $(secret_file "$name") ]] || write_secret "$name" "$(random_secret)"
    done
    mail=$(setting MAIL_URL)
    [[ ! $mail && -s $(secret_file mail_url) ]] || write_secret mail_url "${mail:-smtp://127.0.0.1:25}"
    derive_secrets
}

# --- The engine --------------------------------------------------------------------------------------------------

require_engine() {
    command -v docker >/dev/null || die "docker is missing: https://docs.docker.com/engine/install/"
    docker info >/dev/null 2>&1 || die "no Docker engine answers; is it running, and may $(id -un) use it?"
}

engine() {
    if [[ ${LYCEUM_ENGINE-} ]]; then
        say "$LYCEUM_ENGINE"
    elif [[ $(docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}}') == 'active true' ]]; then
        say swarm
    else
        say compose
    fi
}

# What of the settings is for the scripts and the production file. What the environment says goes first.
from_settings=()
export_from_settings() {
    local name value
    while IFS='=' read -r name value || [[ $name ]]; do
        if [[ $name =~ ^(BACKUP_[A-Z]+|[A-Z0-9]+_IMAGE|LYCEUM_(CPUS|DATA_NODE|FOUNDATION|IMAGES|PUBLISH|STORAGE_URL|URL))$ &&
            (-z ${!name-} || " ${from_settings[*]} " == *" $name "*) ]]; then
            export "$name=$value"
            from_settings+=("$name")
        fi
    done <"$1"
}
[[ ! -f ${LYCEUM_ENV_FILE:-.env} ]] || export_from_settings "${LYCEUM_ENV_FILE:-.env}"

read -ra foundation <<<"${LYCEUM_FOUNDATION-$(recorded FOUNDATION | grep . || say postgres minio neo4j)}"

# use_settings_of_before: those of the last deployment, in place of what .env has now.
use_settings_of_before() {
    [[ -f $state/deployed/environment ]] || return 0
    unset "${from_settings[@]}"
    from_settings=()
    export LYCEUM_ENV_FILE=$state/deployed/environment
    export_from_settings "$LYCEUM_ENV_FILE"
    make_secrets
}

# What the production file is filled in with. An unknown tag stays a word that no image has.
export_settings() {
    local service
    export LYCEUM_STATE=$state LYCEUM_SECRETS=$state/secrets LYCEUM_BACKUPS=${LYCEUM_BACKUPS:-$state/backups}
    export LYCEUM_CONFIGURATION=${LYCEUM_CONFIGURATION:-$state/configuration} LYCEUM_ENV_FILE=${LYCEUM_ENV_FILE:-.env}
    [[ -f $LYCEUM_ENV_FILE ]] || die "$LYCEUM_ENV_FILE is missing; copy .env.prod.example to it and fill it in"
    export BACKUP_TAG
    BACKUP_TAG=${LYCEUM_BACKUP_TAG:-$(recorded BACKUP_TAG | grep . || say none)}
    export PORT_TAG
    PORT_TAG=$(recorded PORT_TAG | grep . || say none)
    # A network stays what it was made as.
    export LYCEUM_SERVICES_INTERNAL
    LYCEUM_SERVICES_INTERNAL=$(services_are_internal || internal_by_settings)
    for service in "${all_services[@]}"; do
        export "$(tag_name "$service")=$(tag_of "$service" | grep . || say none)"
        export "$(replicas_name "$service")=$(replicas_of "$service")"
    done
}

# Whether the network of the services leads nowhere else: as it was made, if it was, and as it would be made.
services_are_internal() { docker network inspect --format '{{.Internal}}' "${project}_services" 2>/dev/null | grep .; }
internal_by_settings() { if [[ $(setting TOKEN_ISSUERS) ]]; then say false; else say true; fi; }
network_fits() { [[ $(services_are_internal || internal_by_settings) == "$(internal_by_settings)" ]]; }

compose_program() {
    if [[ ${LYCEUM_COMPOSE-} ]]; then
        say "$LYCEUM_COMPOSE"
    elif docker compose version >/dev/null 2>&1; then
        say docker compose
    elif command -v docker-compose >/dev/null; then
        say docker-compose
    else
        die "Compose is missing: https://docs.docker.com/compose/install/linux/, or Debian's docker-compose"
    fi
}

# Whether a container of its own has the public port, and not the gateway's.
port_is_held() { [[ $(recorded PORT_TAG) && $(engine) == compose ]]; }

# The production file, with what is for one host. docker-compose 1.29 wants the limit of processes in another place, and honours
# the other limits under --compatibility only.
compose() {
    local program options noise told filter status=0 public_port=${LYCEUM_PUBLISH:-8080} gateway_port
    # Behind a holder each gateway has some free port on loopback, where it is tried.
    if port_is_held; then gateway_port=127.0.0.1:; else gateway_port=$public_port; fi
    program=$(compose_program) || exit
    read -ra program <<<"$program"
    export_settings
    if [[ ${program[0]} == docker ]]; then
        options=(-f docker-compose.prod.yml)
        noise='version. is obsolete'
    else
        sed -E 's/^( +)limits: \{(.*), pids: ([0-9]+)\}$/\1limits: {\2}\n    pids_limit: \3/' docker-compose.prod.yml \
            >"$state/docker-compose.v1.yml"
        options=(--compatibility -f "$state/docker-compose.v1.yml")
        noise='are not supported and have been ignored'
    fi
    exec {told}> >(exec grep --line-buffered -v "$noise" >&2)
    filter=$!
    LYCEUM_PUBLIC_PORT=$public_port LYCEUM_PUBLISH=$gateway_port "${program[@]}" -p "$project" \
        --project-directory "$root" "${options[@]}" -f deploy/one-host.yml "$@" 2>&"$told" || status=$?
    # What it has told is all there when this ends.
    exec {told}>&-
    wait "$filter" || true
    return "$status"
}

# Running containers of one service, newest first.
containers_of() {
    docker ps -q --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.service=$1" \
        --filter label=com.docker.compose.oneoff=False
}

# Running containers of one service on this node, whichever engine.
running_of() {
    if [[ $(engine) == swarm ]]; then
        docker ps -q --filter "label=com.docker.swarm.service.name=${project}_$1"
    else
        containers_of "$1"
    fi
}

# Just after its start a container is running, and has no health yet although it has a check.
health_of() {
    local condition check
    read -r condition check < <(docker inspect --format \
        '{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}} {{with .Config.Healthcheck}}{{.Test}}{{end}}{{end}}' \
        "$1" 2>/dev/null) || true
    if [[ $condition == running && $check && $check != '[NONE]' ]]; then say starting; else say "${condition:-gone}"; fi
}

# Waits until each of these containers is healthy; gives up at once when one ends or is ill.
await_healthy() {
    local deadline=$((SECONDS + patience)) container
    for container in "$@"; do
        while true; do
            case $(health_of "$container") in
                # Running, where the image has no check.
                healthy | running) break ;;
                unhealthy | exited | dead | gone | restarting)
                    say "  $container is $(health_of "$container"); its last words:"
                    docker logs --tail 5 "$container" 2>&1 | sed 's/^/    /'
                    return 1
                    ;;
            esac
            if (($(docker inspect --format '{{.RestartCount}}' "$container" 2>/dev/null || say 9) > 2)); then
                say "  $container ends again and again; its last words:"
                docker logs --tail 5 "$container" 2>&1 | sed 's/^/    /'
                return 1
            fi
            if ((SECONDS >= deadline)); then
                say "  $container is not healthy after $patience s: $(health_of "$container")"
                return 1
            fi
            sleep 0.5
        done
    done
}

# scheme_of GATEWAY: as it was started. The settings may be others by now.
scheme_of() {
    if docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$1" 2>/dev/null |
        grep '^TLS_CERTIFICATE=.' >/dev/null; then
        say https
    else
        say http
    fi
}

# published_at CONTAINER: where it is published now, if it runs; LYCEUM_PUBLISH is where it is to be.
published_at() { { docker port "$1" 8080 2>/dev/null || true; } | head -n 1; }

# Of whoever has the public port with Compose.
public_address() { published_at "$(if port_is_held; then containers_of port; else containers_of gateway; fi | head -n 1)"; }

public_url() {
    local published
    published=$(public_address)
    published=${published:-${LYCEUM_PUBLISH:-8080}}
    [[ $published == *:* ]] || published=127.0.0.1:$published
    say "${LYCEUM_URL:-$(scheme_of "$(running_of gateway | head -n 1)")://${published/#0.0.0.0:/127.0.0.1:}}"
}

# Where one gateway alone is asked: its own port, which this host's loopback leads to.
url_of_gateway() { say "$(scheme_of "$1")://$(published_at "$1")"; }

# smoke SERVICE [URL]: whether it answers as it should, asked through the gateway as a user would, often enough to meet each
# replica; or at that URL.
smoke() {
    local path attempt answer url=${2:-$(public_url)} insecure=()
    # By an address of this host, whatever name the certificate has.
    [[ ! ${2-} && ${LYCEUM_URL-} ]] || insecure=(-k)
    case $1 in
        auth) path=/auth/.well-known/jwks.json ;;
        content) path=/knowledge ;;
        media) path=/media/00000000-0000-0000-0000-000000000000 ;;
        gateway) path=/openapi.json ;;
        # What needs a token never gets past the gateway without; its own report tells of the service.
        analytics) path=/health ;;
    esac
    for attempt in {1..20}; do
        answer=$(curl -s "${insecure[@]}" -m 5 -o /dev/null -w '%{http_code}' "$url$path") || true
        if [[ $answer != 200 && ! ($1 == media && $answer == 404) ]]; then
            say "  smoke test $attempt of $1: $path answered $answer"
            return 1
        fi
    done
}
