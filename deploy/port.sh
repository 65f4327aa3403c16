# shellcheck shell=bash disable=SC2154 # what it does not set is lib.sh's
# Who has the public port with Compose. Sourced by roll.sh.
#
# Only one container can publish a port. So that gateways can run beside their successors, a container has it that never goes,
# and they accept from its queue: docs/decisions/0009-the-port-outlives-the-gateway.md. Swarm has means of its own.

# The gateway's version before its port went to another container, until that has worked.
moved_from=

knows_holder() {
    docker run --rm --network none "$(image_of gateway "$1")" hold-port --help >/dev/null 2>&1
}

# Has the port held, when a gateway of this version can do with that. A holder whose settings are the same is left alone;
# it may be of an older version.
hold_port() {
    local container
    if ! knows_holder "$1"; then
        give_port_up
        return
    fi
    if ! port_is_held || ! docker image inspect "$(image_of gateway "$(recorded PORT_TAG)")" >/dev/null 2>&1; then
        record PORT_TAG "$1"
    fi
    compose up -d --no-deps --no-build port >"$state/compose.log" 2>&1 || {
        sed 's/^/  /' "$state/compose.log"
        return 1
    }
    mapfile -t container < <(containers_of port)
    await_healthy "${container[@]}"
}

# Whether a gateway runs that has the port itself, or is to.
must_move_port() {
    [[ $(containers_of gateway) ]] && ! { port_is_held && knows_holder "$1"; }
}

# Only when a version from before there were holders goes, or comes back.
move_port() {
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
    give_port_up
    compose_roll gateway "$version" || say "  gateway: it did not; see status.sh"
}
