#!/usr/bin/env bash
# Installs what Lyceum needs from the distribution, and only what is missing.
#   setup.sh [install | check] [PACKAGE…]: check tells and installs nothing; packages are programs needed besides.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

action=${1-install}
missing=()

tell() { if [[ $action == check ]]; then printf '  %-20s %s\n' "$@"; fi; }

# need PACKAGE COMMAND…: the package is missing when the command fails.
need() {
    local package=$1
    shift
    if "$@" &>/dev/null; then
        tell "$package" there
    else
        tell "$package" missing
        missing+=("$package")
    fi
}

has_postgres_server() { (postgres_bin "$data/postgres/cluster") &>/dev/null; }
has_extensions() { compgen -G '/usr/share/postgresql/*/extension/citext.control' >/dev/null; }

require_swift() {
    command -v swift >/dev/null || die "Swift is missing. Install Swift 6.3 or newer: https://www.swift.org/install/linux"
    local version
    version=$(swift --version 2>&1) || die "Swift is here but does not run: $version"
    version=$(sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' <<<"$version" | head -n 1)
    [[ $(printf '%s\n' 6.3 "$version" | sort -V | head -n 1) == 6.3 ]] ||
        die "Swift $version is too old. Install Swift 6.3 or newer: https://www.swift.org/install/linux"
    tell swift "$version"
}

# install PACKAGE…: what apt-get says is of interest only when it fails.
install() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >>"$log" 2>&1 ||
        die "apt-get could not install $*:
$(tail -n 5 "$log")
All that it said is in $log"
}

# Debian's package would start a server of its own; Lyceum runs a private one.
keep_system_cluster_away() {
    local configuration=/etc/postgresql-common/createcluster.conf
    [[ ! -e $configuration ]] || return 0
    install postgresql-common
    "${as_root[@]}" sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' "$configuration"
}

install_missing() {
    command -v apt-get >/dev/null ||
        die "There is no apt-get here. Install these with your system's own tools, then try again: ${missing[*]}"
    as_root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null ||
            die "These packages are missing, and there is no sudo. As root: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    prepare_data_folder
    log=$data/logs/setup.log
    say "Installing ${missing[*]} from the distribution; this takes a minute"
    "${as_root[@]}" apt-get update >"$log" 2>&1 ||
        say "apt-get update failed (see $log); trying with the lists that are there"
    [[ " ${missing[*]} " != *" postgresql "* ]] || keep_system_cluster_away
    install "${missing[@]}"
}

require_swift
need postgresql has_postgres_server
need postgresql-contrib has_extensions
need libpq-dev pkg-config --exists libpq
need libcrypt-dev test -e /usr/include/crypt.h
need pkg-config command -v pkg-config
need curl command -v curl
need zlib1g-dev pkg-config --exists zlib
need python3 command -v python3
need python3-venv python3 -c 'import ensurepip'
need openssl command -v openssl
need shellcheck command -v shellcheck
for package in "${@:2}"; do need "$package" command -v "$package"; done

if ((${#missing[@]} == 0)); then
    tell everything there
elif [[ $action == check ]]; then
    die "Missing: ${missing[*]}. make setup installs them."
else
    install_missing
fi
