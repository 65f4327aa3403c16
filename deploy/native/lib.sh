# shellcheck shell=bash
# What all scripts here share: where things are, how to speak, how to run PostgreSQL. Sourced, never run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root" || exit

# Settings of one's own for all services; see .env.example. What the environment already says goes first.
if [[ -f .env ]]; then
    while IFS='=' read -r name value; do
        if [[ $name =~ ^[A-Z][A-Z0-9_]*$ && -z ${!name-} ]]; then export "$name=$value"; fi
    done <.env
fi

data=$(realpath -m "${LYCEUM_DATA:-.local}")
port_base=${LYCEUM_PORT_BASE:-8080}

say() { printf '%s\n' "$*"; }

die() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

port_of() {
    case $1 in
        gateway) say $((port_base)) ;;
        auth) say $((port_base + 1)) ;;
        content) say $((port_base + 2)) ;;
        media) say $((port_base + 3)) ;;
        analytics) say $((port_base + 4)) ;;
        postgres) say $((port_base + 5)) ;;
        metrics) say $((port_base + 6)) ;;
    esac
}

url_of() { say "http://127.0.0.1:$(port_of "$1")"; }

# Whether something listens on this port of loopback.
is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

random_secret() { od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n'; }

prepare_data_folder() {
    mkdir -p "$data/logs" "$data/run"
    [[ -O $data ]] || die "$data belongs to another user. Run as that user, or choose another folder with LYCEUM_DATA."
    chmod 755 "$data" "$data/logs" "$data/run"
}

# For what goes on in the background: whoever started the script may wait until its pipes and locks are let go of.
close_inherited_files() {
    local number
    for number in "/proc/$BASHPID/fd/"*; do
        number=${number##*/}
        # 255 is the script itself, which bash is reading.
        ((number < 3 || number == 255)) || eval "exec $number>&-"
    done
}

# The newest PostgreSQL on this machine, or the one that made the cluster in $1.
postgres_bin() {
    local version='' folder
    [[ -f $1/PG_VERSION ]] && version=$(<"$1/PG_VERSION")
    for folder in $(printf '%s\n' "/usr/lib/postgresql/${version:-*}/bin" /usr/pgsql-*/bin | sort -rV); do
        [[ -x $folder/initdb ]] && say "$folder" && return
    done
    folder=$(pg_config --bindir 2>/dev/null || true)
    [[ -n $folder && -x $folder/initdb ]] && say "$folder" && return
    die "No PostgreSQL server${version:+ $version} on this machine: make setup installs one."
}

database_user() {
    if ((EUID != 0)); then id -un; elif id postgres &>/dev/null; then say postgres; else say nobody; fi
}

# Runs a command as a user who may run PostgreSQL, which refuses root. Where that user may not enter the folders above
# the data (a clone below /root), the one capability that lets it pass goes with it.
as_database_user() {
    if ((EUID != 0)); then
        "$@"
        return
    fi
    local user privileges
    user=$(database_user)
    privileges=(--reuid="$user" --regid="$(id -g "$user")" --clear-groups)
    if ! setpriv "${privileges[@]}" test -x "$data"; then
        privileges+=(--inh-caps=+dac_override --ambient-caps=+dac_override)
    fi
    setpriv "${privileges[@]}" env HOME="$data" "$@"
}

# free_port_base COUNT: the first of so many free ports in a row, below those that the system gives to outgoing
# connections.
free_port_base() {
    local count=${1:?how many} base port
    for base in $(shuf -i 27000-31900 -n 200); do
        for port in $(seq "$base" $((base + count - 1))); do
            ! is_taken "$port" || continue 2
        done
        say "$base"
        return
    done
    die "No $count free ports in a row between 27000 and 32000."
}
