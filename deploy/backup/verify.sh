#!/usr/bin/env bash
# Compares what is in the database, and in the object store, with a backup: verify.sh NAME [SCHEMA…].
set -euo pipefail
source "$(dirname "$0")/common.sh"

name=${1:?say which backup}
shift
require_backup "$name"
wanted=("${@:-${schemas[@]}}")
expected=$(grep -E "^($(IFS='|' && say "${wanted[*]}"))\." "/backups/$name/tables")
found=$(table_sums "${wanted[@]}" </dev/null)
diff <(say "$expected") <(say "$found") || die "these tables differ from backup $name (<)"
say "$(wc -l <<<"$expected") tables are as in backup $name: $(awk '{ rows += $2 } END { print rows }' <<<"$expected") rows"

if [[ " ${wanted[*]} " == *" media "* && -s /backups/$name/objects ]]; then
    check_objects "$name"
    list=$(mktemp)
    trap 'rm "$list"' EXIT
    cut -d' ' -f2- "/backups/$name/objects" >"$list"
    rclone check --quiet --one-way --files-from-raw "$list" /backups/objects "store:$bucket" ||
        die "objects differ from backup $name"
    say "$(wc -l <"$list") objects are as in backup $name"
fi
