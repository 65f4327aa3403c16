#!/usr/bin/env bash
# build.sh [OPTION…]: swift build, which says how far it is; warnings in Lyceum's own code are faults.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

configuration=${BUILD:-debug}
# What is released runs where no Swift is, as in the images, and is a little faster.
[[ $configuration == debug ]] || set -- --static-swift-stdlib "$@"
[[ -d .build/$configuration ]] || say "Building ($configuration); the first time takes some minutes."
mkdir -p "$data"
log=$data/build.log
swift build -c "$configuration" "$@" 2>&1 | tee "$log" || die "The build failed; all it said is in $log"
if grep -E "^$root/.* warning: " "$log" | sort -u; then die "These warnings are in our own code; mend them."; fi
