#!/bin/sh
# Makes the bucket of media in the object store as soon as that answers; twice is the same as once. Runs in rclone's image.
set -eu
bucket=${BUCKET:-lyceum-media}
if [ -n "${STORAGE_ACCESS_KEY_FILE:-}" ]; then
    RCLONE_CONFIG_STORE_ACCESS_KEY_ID=$(cat "$STORAGE_ACCESS_KEY_FILE")
    RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY=$(cat "$STORAGE_SECRET_KEY_FILE")
    export RCLONE_CONFIG_STORE_ACCESS_KEY_ID RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY
fi
tries=0
until rclone mkdir --low-level-retries 1 --retries 1 "store:$bucket" && rclone lsf --max-depth 1 store: | grep -qx "$bucket/"; do
    tries=$((tries + 1))
    if [ "$tries" -ge 30 ]; then
        echo "bucket: the object store did not let us make $bucket" >&2
        exit 1
    fi
    sleep 2
done
echo "bucket: $bucket is there"
