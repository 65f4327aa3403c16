# shellcheck shell=bash disable=SC2154 # what it does not set is lib.sh's
# Who has the public port with Compose. Sourced by roll.sh.
#
# Only one container can publish a port. So that gateways can run beside their successors, a container has it that never goes,
# and they accept from its queue: docs/decisions/0009-the-port-outlives-the-gateway.md. Swarm has means of its own.

# The gateway's version before its port went to another container, until that has worked.
moved_from=
# Whether it could not have it again.
port_lost=
gateway_is_lost() { [[ $port_lost ]]; }

knows_holder() {
    docker run --rm --network none "$(image_of gateway "$1")" hold-port --help >/dev/null 2>&1
}

# Has the port held, when a gateway of this version can do with that. A holder that is there is left alone; it may be of an
# older version, and of other settings until the gateway is deployed.
hold_port() {
    local container
    if ! knows_holder "$1"; then
        give_port_up
        return
    fi
    if ! port_is_held || ! docker image inspect "$(image_of gateway "$(recorded PORT_TAG)")" >/dev/null 2>&1; then
        record PORT_TAG "$1"
    fi
    mapfile -t container < <(containers_of port)
    if ((${#container[@]})); then
        can_publish "$1" "$(published_at "${container[0]}")"
        return
    fi
    start_port
}

# can_publish TAG ADDRESS: what LYCEUM_PUBLISH says, where ADDRESS is published. The engine is asked beforehand, for a holder that
# can't have its port would be found out too late.
can_publish() {
    local wanted=${LYCEUM_PUBLISH:-8080}
    # What has the same number is the holder itself.
    [[ ${wanted##*:} != "${2##*:}" ]] || return 0
    docker run --rm -p "$wanted:8080" "$(image_of gateway "$1")" --help >"$state/compose.log" 2>&1 || {
        say "  gateway: $wanted can't be published:"
        sed 's/^/  /' "$state/compose.log"
        return 1
    }
}

# Makes the holder, or makes it anew if its settings are others, for which the port is closed for a moment.
start_port() {
    local container
    compose up -d --no-deps --no-build port >"$state/compose.log" 2>&1 || {
        sed 's/^/  /' "$state/compose.log"
        return 1
    }
    mapfile -t container < <(containers_of port)
    await_healthy "${container[@]}"
}

# After a deployment, when nothing goes back any more: the port is where the settings of now want it.
renew_port() {
    local deadline=$((SECONDS + patience)) before
    port_is_held || return 0
    before=$(containers_of port)
    start_port || die "the gateway is deployed, but nobody holds its port; see status.sh"
    [[ $(containers_of port) != "$before" ]] || return 0
    say "  gateway: its port is held anew, at $(published_at "$(containers_of port)")"
    until smoke gateway >/dev/null; do
        ((SECONDS < deadline)) || die "the gateway is deployed, but does not answer at $(public_url); see status.sh"
        sleep 0.5
    done
}

# Whether a gateway runs that has the port itself, or is to.
must_move_port() {
    [[ $(containers_of gateway) ]] && ! { port_is_held && knows_holder "$1"; }
}

# Only when a version from before there were holders goes, or comes back.
move_port() {
    can_publish "$1" "$(public_address)" || return 1
    say "  gateway: the port goes to another container, this once, and is closed until that runs"
    moved_from=$(tag_of gateway)
    give_port_up
    compose_roll gateway "$1" || return 1
    moved_from=
}

give_port_up() {
    local part containers
    for part in gateway port; do
        mapfile -t containers < <(containers_of "$part")
        drain "${containers[@]}"
    done
    record PORT_TAG ''
}

take_port_back() {
    local version=$moved_from
    [[ $version ]] || return 0
    moved_from=
    say "  gateway: $version comes back"
    use_settings_of_before
    give_port_up
    compose_roll gateway "$version" || port_lost=yes
}
