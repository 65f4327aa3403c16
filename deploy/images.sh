#!/usr/bin/env bash
# Builds the images of all services, and of backup, in one version.
#
#   images.sh TAG            LYCEUM_IMAGES/SERVICE:TAG, LYCEUM_IMAGES is lyceum by default
#     --push               push them, too
#     --help
#
# BINARIES=prebuilt takes the programs in .local/image instead of building them. Certificates in SSL_CERT_FILE, where it is
# set, are believed for what comes from PyPI.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

tag='' push=no
for word in "$@"; do
    case $word in
        --push) push=yes ;;
        --help) help && exit ;;
        -*) die "unknown option $word; see --help" ;;
        *) tag=$word ;;
    esac
done
[[ $tag ]] || die "say which version: images.sh 1.0"

require_engine
export DOCKER_BUILDKIT=1
described=(--build-arg "VERSION=$tag" --build-arg "REVISION=$(git rev-parse HEAD)" --build-arg "CREATED=$(date -u +%FT%TZ)")
for service in "${all_services[@]}"; do
    docker build -f deploy/Dockerfile -t "$(image_of "$service" "$tag")" --build-arg "SERVICE=$service" \
        --build-arg "BINARIES=${BINARIES:-build}" "${described[@]}" \
        ${SSL_CERT_FILE:+--secret "id=certificates,src=$SSL_CERT_FILE"} \
        ${SWIFT_IMAGE:+--build-arg "SWIFT_IMAGE=$SWIFT_IMAGE"} \
        ${RUNTIME_IMAGE:+--build-arg "RUNTIME_IMAGE=$RUNTIME_IMAGE"} .
done
docker build -f deploy/backup/Dockerfile -t "$(image_of backup "$tag")" \
    --build-arg "CONTENT_IMAGE=$(image_of content "$tag")" "${described[@]}" \
    ${RUNTIME_IMAGE:+--build-arg "RUNTIME_IMAGE=$RUNTIME_IMAGE"} deploy/backup
[[ $push == no ]] || for service in "${all_services[@]}" backup; do docker push "$(image_of "$service" "$tag")"; done
docker images --filter "reference=${LYCEUM_IMAGES:-lyceum}/*:$tag" --format '{{.Repository}}:{{.Tag}}	{{.Size}}'
