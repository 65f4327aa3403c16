#!/usr/bin/env bash
# Puts Compose v2 into a folder that DOCKER_CONFIG can name, from the Debian release that has it: for a test on a system
# whose own packages have version 1.29 only.
#   compose-v2.sh FOLDER
set -euo pipefail

folder=${1:?compose-v2.sh FOLDER}
program=$folder/cli-plugins/docker-compose
mirror=http://deb.debian.org/debian release=trixie
[[ ! -x $program ]] || exit 0
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

curl -fsS --retry 2 "$mirror/dists/$release/main/binary-$(dpkg --print-architecture)/Packages.xz" | xz -d >"$temporary/packages"
# A paragraph a package: of its name, the file and its sum.
read -r path sum < <(awk '/^Package: / { mine = $2 == "docker-compose" } mine && /^Filename: / { path = $2 }
    mine && /^SHA256: / { sum = $2 } END { print path, sum }' "$temporary/packages")
curl -fsS --retry 2 -o "$temporary/compose.deb" "$mirror/$path"
sha256sum --quiet -c <<<"$sum  $temporary/compose.deb"
dpkg-deb -x "$temporary/compose.deb" "$temporary/unpacked"
install -D -m 755 "$temporary/unpacked/usr/libexec/docker/cli-plugins/docker-compose" "$program"
