#!/usr/bin/env bash
# Stops what runs from here, then deletes what was built and all data.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

if [[ -d $data/postgres ]]; then deploy/native/platform.sh stop; fi
rm -rf .build
# Only what is ours: LYCEUM_DATA may name a folder with other things in it.
rm -rf "${data:?}"/{arcadedb,postgres,postgres.password,env,logs,run,media,mail,test,demo,fuzz,build.log}
[[ ! -d $data ]] || rmdir --ignore-fail-on-non-empty "$data"
say "Gone: .build and Lyceum's data in $data"
