#!/usr/bin/env bash
# Puts a backup back: restore.sh [NAME | latest] [SCHEMA…]; all schemas when none is named, then the objects too.
# The services whose schemas these are must not run. Each schema is replaced as a whole, or not at all.
# An encrypted backup's age identity is read from standard input.
set -euo pipefail
source "$(dirname "$0")/common.sh"

lock
name=${1:-latest}
shift || true
[[ $name != latest ]] || name=$(newest_backup)
require_backup "$name"
folder=/backups/$name
wanted=("${@:-${schemas[@]}}")
for schema in "${wanted[@]}"; do
    [[ " ${schemas[*]} " == *" $schema "* ]] || die "there is no schema $schema; there are ${schemas[*]}"
done

(cd "$folder" && sha256sum --quiet -c complete) || die "backup $name is damaged"
[[ " ${wanted[*]} " != *" media "* ]] || check_objects "$name"

dump=$(mktemp -d)
trap 'rm -rf "$dump"' EXIT
if [[ -f $folder/database.dump.age ]]; then
    age -d -i - "$folder/database.dump.age" >"$dump/database" ||
        die "backup $name is encrypted; LYCEUM_BACKUP_KEY names the file with the age identity that can read it"
else
    cp "$folder/database.dump" "$dump/database"
fi

# In one transaction: a failure leaves what was there. pg_restore leaves out the schemas themselves when some are chosen.
{
    say "BEGIN;"
    for schema in "${wanted[@]}"; do
        say "DROP SCHEMA IF EXISTS $schema CASCADE; CREATE SCHEMA $schema AUTHORIZATION $schema;"
    done
    pg_restore -f - "${wanted[@]/#/--schema=}" "$dump/database"
    say "COMMIT;"
} | psql -Xq -v ON_ERROR_STOP=1 >/dev/null

if [[ " ${wanted[*]} " == *" content "* && $(secret GRAPH_URL) ]]; then
    graph_copy postgres bolt
fi

if [[ " ${wanted[*]} " == *" media "* && -s $folder/objects ]]; then
    cut -d' ' -f2- "$folder/objects" >"$dump/objects"
    rclone copy --quiet --checksum --no-traverse --files-from-raw "$dump/objects" /backups/objects "store:$bucket"
fi
"$(dirname "$0")/verify.sh" "$name" "${wanted[@]}"
