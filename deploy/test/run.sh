#!/usr/bin/env bash
# Tries the deployment on a real Docker engine: both Compose files, every script, and what can go wrong.
#
#   run.sh [STEP…]           all steps when none is named, less the optional ones; deploy/test/steps.sh lists them
#
# Where no engine runs, Debian's is installed and started, and stopped afterwards. Images that no registry gives are made
# from Debian's packages under the same names; ours are built from programs that this machine builds, in the Dockerfile's
# own runtime stage.
#   LYCEUM_KEEP_IMAGES=1  use the images of our services that the last run has built
#   LYCEUM_COMPOSE    "docker-compose" tries version 1.29; version 2 by default, fetched where it is missing
#   LYCEUM_PREBUILT   folder with the five programs, linked with --static-swift-stdlib; built when not set
#   LYCEUM_SWIFT      what builds and runs the end-to-end tests, in a container for instance; "swift" by default
set -euo pipefail
cd "$(dirname "$0")/../.."
source deploy/test/steps.sh

failed=() passed=()

say() { printf '%s\n' "$*"; }

start_engine() {
    # Debian's own client comes first: one without its plug-ins can't build.
    export PATH=/usr/bin:$PATH
    ! docker info >/dev/null 2>&1 || return 0
    command -v dockerd >/dev/null || {
        say "Installing Docker from Debian"
        apt-get update >/dev/null
        DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends docker.io docker-compose iptables debootstrap \
            >"$work/apt.log" 2>&1
    }
    ! docker info >/dev/null 2>&1 || return 0
    say "Starting an engine"
    setsid dockerd >"$work/dockerd.log" 2>&1 </dev/null &
    engine=$!
    local deadline=$((SECONDS + 60))
    until docker info >/dev/null 2>&1; do
        ((SECONDS < deadline)) || { tail -n 20 "$work/dockerd.log" && exit 1; }
        sleep 0.5
    done
}

choose_compose() {
    if [[ ! ${LYCEUM_COMPOSE-} ]] && ! docker compose version >/dev/null 2>&1; then
        if deploy/test/compose-v2.sh "$cache/docker"; then
            export DOCKER_CONFIG=$cache/docker
        else
            say "Compose v2 is not to be had; all is tried with docker-compose 1.29"
            LYCEUM_COMPOSE=docker-compose
        fi
    fi
    export LYCEUM_COMPOSE=${LYCEUM_COMPOSE:-docker compose}
    say "Compose: $($LYCEUM_COMPOSE version --short)"
}

clean_up() {
    stop_step
    remove_everything >"$work/clean-up.log" 2>&1 || true
    if [[ ${engine-} ]]; then
        kill "$engine"
        wait "$engine" || true
    fi
}

prepare_programs() {
    local folder=${LYCEUM_PREBUILT-} service
    if [[ ! $folder ]]; then
        say "Building the programs"
        "${swift[@]}" build -c release --static-swift-stdlib
        folder=.build/release
    fi
    mkdir -p .local/image
    for service in auth content media analytics gateway; do
        strip --strip-debug -o ".local/image/$service" "$folder/$service"
    done
}

# The seconds that a step may take.
limit_of() { printf '%s\n' "${steps[@]}" "${optional_steps[@]}" | sed -n "s/^$1://p"; }

# What it has left running, too.
stop_step() {
    [[ ! ${runner-} ]] || kill -- "-$runner" 2>/dev/null || true
    runner=
}

# Each step by itself, in its time; a failure does not keep the others from being tried.
step() {
    local name=$1 limit started=$SECONDS status=0
    limit=$(limit_of "$name")
    [[ $limit ]] || { say "There is no step $name in deploy/test/steps.sh" && exit 1; }
    say "▸ ${name//_/ }"
    # In the background, for in the condition of an if bash would go on after a command that failed; and in a process group
    # with all that it starts.
    set -m
    (
        set +m
        trap 'stop_load' EXIT
        "$name"
    ) >"$work/$name.log" 2>&1 &
    runner=$!
    set +m
    # A signal interrupts wait, and nothing else that bash may be in.
    timeout "$limit" tail --pid="$runner" -f /dev/null &
    if ! wait $!; then
        echo "✗ not within $limit s" >>"$work/$name.log"
        kill -- "-$runner" || true
    fi
    wait "$runner" || status=$?
    stop_step
    if ((status == 0)); then
        passed+=("$name")
        sed -n 's/^✓/  ✓/p' "$work/$name.log"
        say "  $((SECONDS - started)) s"
    else
        failed+=("$name")
        say "  FAILED after $((SECONDS - started)) s; from $work/$name.log:"
        tail -n 25 "$work/$name.log" | sed 's/^/    /'
    fi
}

mkdir -p "$work"
trap clean_up EXIT
trap 'exit 130' INT TERM
# What Swift builds with, and what the tests call; where Swift runs in a container, that has it.
[[ ${LYCEUM_SWIFT-} ]] || deploy/native/setup.sh
start_engine
choose_compose
remove_everything >"$work/clean-up.log" 2>&1 || true
deploy/test/stand-ins.sh
if [[ ! ${LYCEUM_KEEP_IMAGES-} ]]; then
    prepare_programs
    build_services
fi
build_faulty
say "Building the end-to-end tests"
"${swift[@]}" build --build-tests
(($#)) || set -- "${steps[@]%:*}"
for name in "$@"; do step "$name"; done
say "${#passed[@]} passed, ${#failed[@]} failed, in $((SECONDS / 60)) min $((SECONDS % 60)) s"
((${#failed[@]} == 0))
