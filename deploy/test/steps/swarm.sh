# shellcheck shell=bash disable=SC2154 # what it does not set is fixture.sh's
# The same file as a Swarm stack. Sourced by steps.sh.

swarm_rolls_forward_and_back() {
    # The same machine, without the other stack.
    docker ps -aq --filter label=com.docker.compose.project=lyceum-test | xargs -r docker rm -f >/dev/null
    start_registry
    touch "$work/swarm-begun"
    docker swarm init --advertise-addr 127.0.0.1 >/dev/null
    swarm deploy/deploy.sh --tag 1
    swarm_is_reached
    eventually 60 is_ok "$port"
    check "deploy.sh brings up a Swarm stack"
    start_load
    swarm deploy/deploy.sh --no-backup --tag 2 content
    no_request_failed "Swarm's rolling update of content"
    [[ $(image_in_swarm content) == "$registry/content:2" ]] || fail "content is $(image_in_swarm content)"
    start_load
    if swarm deploy/deploy.sh --no-backup --tag ill content; then fail "a version that is never healthy was deployed"; fi
    no_request_failed "an update that fails"
    [[ $(image_in_swarm content) == "$registry/content:2" ]] || fail "content is $(image_in_swarm content)"
    check "Swarm rolled the failing update back"
    if swarm deploy/deploy.sh --no-backup --tag badmigration content >"$work/refusal" 2>&1; then fail "a migration that fails was taken"; fi
    [[ $(image_in_swarm content) == "$registry/content:2" ]] || fail "content is $(image_in_swarm content)"
    [[ $(image_in_swarm content-migrate) != *:badmigration ]] || fail "a migration that fails is tried again and again"
    grep -q 'syntax error' "$work/refusal" || fail "it is not told why: $(<"$work/refusal")"
    check "a migration that fails keeps the version out, and is tried once"
    if has_ipvs; then
        start_load
        swarm deploy/deploy.sh --no-backup --tag 2 gateway
        no_request_failed "Swarm's rolling update of the gateway"
    else
        check "NOT TRIED: Swarm's rolling update of the gateway; its published ports need IPVS, which this kernel lacks"
    fi
    end_swarm >/dev/null
    docker rm -fv lyceum-test-registry >/dev/null
}

# Where the hosts of a stack have their images from. Other than those that are only here, Docker's client resolves its tags.
start_registry() {
    local name
    registry=127.0.0.1:$((port + 6))/lyceum-test
    docker run -d --name lyceum-test-registry -p "${registry%/*}:5000" registry:2.8.3 >/dev/null
    eventually 30 curl -fs -o /dev/null "http://${registry%/*}/v2/"
    for name in {auth,content,media,analytics,gateway,backup}:1 {content,gateway}:2 content:{ill,badmigration}; do
        docker tag "lyceum-test/$name" "$registry/$name"
        docker push -q "$registry/$name" >/dev/null
    done
}

has_ipvs() { [[ -e /proc/net/ip_vs ]]; }

# Swarm passes what comes to a published port on by IPVS. Without it the gateway is asked by its address on this host.
swarm_is_reached() {
    ! has_ipvs || return 0
    gateway_host=$(docker network inspect docker_gwbridge --format \
        '{{range .Containers}}{{.Name}} {{.IPv4Address}}{{"\n"}}{{end}}' | sed -n "s|^gateway_$(sandbox_of gateway) \(.*\)/.*|\1|p")
    [[ $gateway_host ]] || fail "the gateway has no address on this host"
    port=8080
}

sandbox_of() {
    docker inspect --format '{{.NetworkSettings.SandboxID}}' \
        "$(docker ps -q --filter "label=com.docker.swarm.service.name=lyceum-test-swarm_$1" | head -n 1)" | cut -c1-12
}

image_in_swarm() { docker service inspect --format '{{.Spec.TaskTemplate.ContainerSpec.Image}}' "lyceum-test-swarm_$1"; }

# The scripts with a state and a stack of their own. Swarm publishes ports, not addresses with them.
swarm() {
    export LYCEUM_STATE=$work/swarm LYCEUM_PROJECT=lyceum-test-swarm LYCEUM_IMAGES=$registry LYCEUM_PUBLISH=$port \
        LYCEUM_ENV_FILE=$work/prod.env LYCEUM_URL=http://$gateway_host:$port LYCEUM_ENGINE=swarm LYCEUM_CPUS=1
    make_production_settings
    "$@"
}
