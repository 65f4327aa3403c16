#!/usr/bin/env bash
# Writes the configuration in a backup, as tar, to standard output: configuration.sh NAME | latest. An encrypted backup's age
# identity is read from standard input.
set -euo pipefail
source "$(dirname "$0")/common.sh"

name=${1:-latest}
[[ $name != latest ]] || name=$(newest_backup)
require_backup "$name"
file=/backups/$name/configuration.tar
[[ -f $file || -f $file.age ]] || die "backup $name has no configuration"
(cd "/backups/$name" && grep -F configuration.tar complete | sha256sum --quiet -c) || die "backup $name is damaged"
if [[ -f $file.age ]]; then
    age -d -i - "$file.age" ||
        die "backup $name is encrypted; LYCEUM_BACKUP_KEY names the file with the age identity that can read it"
else
    cat "$file"
fi
