#!/usr/bin/env bash
# Throws random and mutated input at the parsers, FUZZ_SECONDS (60) at each. FUZZ_SEED gives the same input again.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

export FUZZ_SECONDS=${FUZZ_SECONDS:-60} FUZZ_SEED=${FUZZ_SEED:-$((RANDOM * 32768 + RANDOM))}
deploy/native/build.sh --build-tests
say "Each parser for $FUZZ_SECONDS s; the same again with FUZZ_SEED=$FUZZ_SEED make fuzz"
swift test --skip-build --filter 'Fuzz'
