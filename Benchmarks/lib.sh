# shellcheck shell=bash
# shellcheck disable=SC2034 # some variables are for the scripts alone
# What the benchmarks share: settings, a PostgreSQL cluster and services of their own, medians and rows of the table.
# Sourced with the benchmark's name, never run. All is stopped and removed when the script ends.
#   BENCH_SECONDS, BENCH_RUNS    of each measurement
#   BENCH_PORT                   the first port that is used
#   BENCH_BINARIES               where optimised programs are
#   PGBIN                        where PostgreSQL's programs are
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bench=$1
seconds=${BENCH_SECONDS:-5}
runs=${BENCH_RUNS:-3}
port=${BENCH_PORT:-22100}
binaries=${BENCH_BINARIES:-.build/release}
pgbin=${PGBIN:-$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)}
home=$PWD/.local/$bench
# What is measured has one core, load and peers' backends the other.
server_core=0 load_core=1
[ "$(nproc)" -ge 2 ] || load_core=0

die() {
    printf '%s: %s\n' "$bench" "$*" >&2
    exit 1
}

# need_programs NAME…: of ours, optimised.
need_programs() {
    local name
    for name in "$@"; do [ -x "$binaries/$name" ] || die "$binaries/$name is not built: make release"; done
}

# need_tools NAME…: from the distribution.
need_tools() {
    local name
    for name in "$@"; do command -v "$name" > /dev/null || die "$name is missing: make bench-tools"; done
}

# PostgreSQL refuses to run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

pids=()
stop_all() {
    local pid
    for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
    wait 2> /dev/null || true
    [ ! -d "$home/data" ] || as_postgres "$pgbin/pg_ctl" -D "$home/data" -m immediate stop > /dev/null 2>&1 || true
    rm -rf "$home"
}
trap stop_all EXIT
rm -rf "$home"
mkdir -p "$home"

# in_background CORE NAME COMMAND…: its output goes to NAME.log.
in_background() {
    local core=$1 log=$home/$2.log
    shift 2
    taskset -c "$core" "$@" > "$log" 2>&1 &
    pids+=($!)
}

# start_cluster CORE [OPTION…]: sets DATABASE_URL. Options are those of the server.
start_cluster() {
    local core=$1
    shift
    if [ "$(id -u)" = 0 ]; then
        chown postgres "$home"
        # A checkout below /root is out of its reach.
        as_postgres test -w "$home" || { rmdir "$home" && home=$(mktemp -d) && chown postgres "$home"; }
    fi
    as_postgres "$pgbin/initdb" -D "$home/data" -U lyceum --auth=trust -E UTF8 --locale=C.UTF-8 -N > /dev/null
    as_postgres taskset -c "$core" "$pgbin/pg_ctl" -D "$home/data" -l "$home/postgres.log" -w \
        -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= $*" start > /dev/null
    export DATABASE_URL=postgres://lyceum@127.0.0.1:$port/postgres
    query -c 'CREATE EXTENSION citext SCHEMA public' -c 'CREATE EXTENSION pg_trgm SCHEMA public' \
        -c 'CREATE EXTENSION unaccent SCHEMA public'
}

query() { "$pgbin/psql" -X -q -t -A -v ON_ERROR_STOP=1 "$DATABASE_URL" "$@"; }

export INTERNAL_SECRET AUTH_URL=http://127.0.0.1:$((port + 1)) LOG_LEVEL=warning
INTERNAL_SECRET=$(od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n')

# start_service NAME PORT CORE: migrated, and ready when this returns.
start_service() {
    "$binaries/$1" migrate > "$home/$1-migrate.log" 2>&1 || { cat "$home/$1-migrate.log" >&2 && die "$1 can't migrate"; }
    PORT=$2 in_background "$3" "$1" "$binaries/$1" serve
    until curl -fsS -o /dev/null "http://127.0.0.1:$2/ready" 2> /dev/null; do
        kill -0 "${pids[-1]}" 2> /dev/null || { cat "$home/$1.log" >&2 && die "$1 did not start"; }
        sleep 0.05
    done
}

# sign_up ROLE: an access token of a new user; auth must run.
sign_up() {
    local email=bench-$1@example.org credentials
    credentials="{\"email\":\"$email\",\"password\":\"a password of the benchmark\"}"
    curl -fsS "$AUTH_URL/auth/signup" -H 'Content-Type: application/json' -d "$credentials" > "$home/token"
    if [ "$1" != student ]; then
        query -c "UPDATE auth.users SET role = '$1' WHERE email = '$email'"
        curl -fsS "$AUTH_URL/auth/login" -H 'Content-Type: application/json' -d "$credentials" > "$home/token"
    fi
    sed 's/.*"access_token":"\([^"]*\)".*/\1/' "$home/token"
}

milliseconds() { date +%s%3N; }
median() { printf '%s\n' "$@" | sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

# The table. head_row WHAT PEER; row NAME OURS PEER GOAL.
head_row() { printf '%-52s %10s %10s %7s %7s\n' "$1" ours "$2" ratio goal; }
row() { printf '%-52s %10s %10s %7s %7s\n' "$1" "$2" "$3" "$(awk "BEGIN {printf \"%.2f\", $2 / $3}")" "$4"; }
