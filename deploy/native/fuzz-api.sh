#!/usr/bin/env bash
# Lets schemathesis try the contract that the gateway of a throw-away platform tells, as a visitor and in each role.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

# Per service and role.
seconds=${FUZZ_SECONDS:-15}
fuzz=$data/fuzz
checks=not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance
checks+=,response_schema_conformance,unsupported_method,allow_header_conformance

install_schemathesis() {
    [[ -x $fuzz/python/bin/schemathesis ]] && return
    say "Installing schemathesis from PyPI into $fuzz/python"
    python3 -m venv "$fuzz/python" || die "Python's venv is missing: apt-get install python3-venv"
    "$fuzz/python/bin/pip" install --quiet schemathesis==4.32.5
}

on_platform() { LYCEUM_DATA=$fuzz/platform LYCEUM_PORT_BASE=$ports deploy/native/platform.sh "$@"; }

token_of() {
    curl -fsS "$gateway/auth/login" -H 'Content-Type: application/json' \
        -d "{\"email\": \"$1@example.org\", \"password\": \"lyceum-demo-1\"}" |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])'
}

declare -A paths=([auth]=auth [content]='knowledge|content|graph' [media]=media [analytics]=analytics
    [gateway]='health|openapi.json|docs')

# fuzz_as ROLE SERVICE. Without the calls that would end the session that all others need.
fuzz_as() {
    local options=(--url "$gateway" --checks "$checks" --max-time "$seconds" --max-examples 25 --seed 1 --no-shrink
        --request-timeout 30 --include-path-regex "^/(${paths[$2]})(/|\$)")
    [[ $2 != auth ]] || options+=(--exclude-path /auth/logout --exclude-path-regex '^/auth/password/')
    [[ $1 == visitor ]] || options+=(-H "Authorization: Bearer $(token_of "$1")")
    SCHEMATHESIS_HOOKS=fuzz_hooks PYTHONPATH=deploy/native "$fuzz/python/bin/schemathesis" run "$fuzz/openapi.json" "${options[@]}"
}

mkdir -p "$fuzz"
install_schemathesis
ports=$(free_port_base 7)
gateway=http://127.0.0.1:$ports
[[ ! -d $fuzz/platform ]] || on_platform stop
rm -rf "$fuzz/platform"
trap 'on_platform stop' EXIT
on_platform start
curl -fsS "$gateway/openapi.json" -o "$fuzz/openapi.json"

failed=()
for service in auth content media analytics gateway; do
    for role in visitor student teacher admin; do
        report=$fuzz/$service-$role.log
        printf '%-10s as %-8s ' "$service" "$role"
        if fuzz_as "$role" "$service" >"$report" 2>&1; then say "agrees with its contract"; else
            say "does not; see $report"
            failed+=("$service as $role")
        fi
    done
done
((${#failed[@]} == 0)) || die "Outside the contract: ${failed[*]}"
