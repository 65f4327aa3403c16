# A stand-in for the official Swift image: the toolchain of this machine in Debian, and the packages that git finds on a
# disk here instead of at GitHub, if it does.
FROM debian:12.12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends binutils ca-certificates gcc git libc6-dev libcurl4 libedit2 libncurses6 \
        libsqlite3-0 libstdc++-12-dev libxml2 tzdata \
    && rm -rf /var/lib/apt/lists/*
COPY usr /usr
COPY packages /opt/packages
ARG PACKAGES_OF
RUN test -z "$PACKAGES_OF" || git config --system url./opt/packages/.insteadOf "$PACKAGES_OF"
