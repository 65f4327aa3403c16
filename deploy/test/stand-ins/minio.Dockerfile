# SeaweedFS as an S3 store, with what the Compose files use of MinIO: MINIO_ROOT_USER[_FILE], …_PASSWORD[_FILE], port 9000.
FROM debian:12.12-slim
COPY weed minio-entrypoint.sh /usr/local/bin/
VOLUME /data
ENTRYPOINT ["minio-entrypoint.sh"]
