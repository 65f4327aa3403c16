# shellcheck shell=bash
# How the configuration in a backup comes back. Sourced by restore.sh.
source "$(dirname "${BASH_SOURCE[0]}")/roll.sh"

# Where a file of the backup belongs.
place_of() {
    case $1 in
        deployed/environment) say "${LYCEUM_ENV_FILE:-.env}" ;;
        deployed/docker-compose.prod.yml) say docker-compose.prod.yml ;;
        deployed/one-host.yml) say deploy/one-host.yml ;;
        configuration/*) say "${LYCEUM_CONFIGURATION:-$state/configuration}/${1#configuration/}" ;;
        *) say "$state/$1" ;;
    esac
}

# restore_configuration BACKUP REPLACE: puts files in place that are missing. One that is another now is kept, and the
# backup's laid aside; REPLACE=yes does it the other way round.
restore_configuration() {
    local from=$1 replace=$2 folder unpacked file place aside=$state/from-backup
    # Secrets are readable by all, in folders that only the owner can enter.
    folder=$(mktemp -d "$state/unpacked.XXXXXX")
    # shellcheck disable=SC2064 # the folder as it is called now
    trap "rm -rf '$folder'" EXIT
    backup_alone configuration.sh -- "$from" >"$folder/tar" || die "the configuration could not be read"
    unpacked=$folder/files
    mkdir "$unpacked"
    tar -x -C "$unpacked" -f "$folder/tar"
    while read -r file; do
        place=$(place_of "$file")
        if [[ ! -s $place ]]; then
            say "$place: from the backup"
        elif cmp -s "$unpacked/$file" "$place"; then
            say "$place: the same"
            continue
        elif [[ $replace == yes ]]; then
            say "$place: from the backup; what was there is $place.before"
            run cp -p "$place" "$place.before"
        else
            place=$aside/$file
            say "$(place_of "$file"): is another; the backup's is $place"
            [[ $dry_run ]] || install -d -m 700 "$aside"
        fi
        [[ $dry_run ]] || { mkdir -p "$(dirname "$place")" && cp -p "$unpacked/$file" "$place"; }
    done < <(cd "$unpacked" && find . -type f -printf '%P\n' | sort)
    [[ -d $unpacked/secrets ]] || say "The backup has no secrets, since it is not encrypted; what is missing is made anew."
}
