#!/usr/bin/env bash
# Restores the newest backup into a stack of its own and compares it; backup.sh --verify runs this, with another project.
set -euo pipefail
source "$(dirname "$0")/roll.sh"

[[ $project == *-scratch ]] || die "this throws away all data of a project; backup.sh --verify runs it"
lock
make_secrets
throw_away() {
    compose down -v >/dev/null 2>&1 || say "the scratch stack could not be thrown away: project $project"
    rm -rf "$state"
}
trap throw_away EXIT
trap 'exit 130' INT TERM
prepare_foundation
in_backup restore.sh latest
say "The newest backup can be restored."
