FROM debian:12.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates rclone && rm -rf /var/lib/apt/lists/*
ENV XDG_CONFIG_HOME=/config
ENTRYPOINT ["rclone"]
