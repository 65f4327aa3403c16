#!/bin/sh
set -eu
user=${MINIO_ROOT_USER:-$(cat "/run/secrets/${MINIO_ROOT_USER_FILE:-}")}
password=${MINIO_ROOT_PASSWORD:-$(cat "/run/secrets/${MINIO_ROOT_PASSWORD_FILE:-}")}
cat >/tmp/s3.json <<-JSON
	{"identities": [{"name": "root", "credentials": [{"accessKey": "$user", "secretKey": "$password"}],
	  "actions": ["Admin", "Read", "Write", "List", "Tagging"]}]}
JSON
exec weed server -dir=/data -ip=127.0.0.1 -ip.bind=0.0.0.0 -volume.max=20 -master.volumeSizeLimitMB=64 -filer -s3 \
    -s3.port=9000 -s3.config=/tmp/s3.json
