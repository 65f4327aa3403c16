# shellcheck shell=bash disable=SC2154 # what it does not set is fixture.sh's
# Backups, what is restored from them, and secrets that change. Sourced by steps.sh.

backup_goes_into_an_empty_stack() {
    local item file
    item=$(make_item 'Restored some day')
    file=$(upload_a_file archivist@example.org)
    leave_unfinished_in "$work/state/backups"
    production deploy/backup.sh --verify
    check "a backup goes into a scratch stack with equal counts and checksums"
    [[ ! $(find "$work/state/backups" -type f -perm /077) ]] || fail "others can read what is in backups"
    ! is_unfinished || fail "what a killed backup left is still there"
    check "only the owner can read it, and what a killed one left is gone"
    damaged_object_is_found
    object_is_copied_whole
    make_backup_key
    BACKUP_RECIPIENT=$recipient production deploy/backup.sh
    ls "$work/state/backups"/20*/database.dump.age >/dev/null || fail "the dump is not encrypted"
    if production deploy/restore.sh --yes; then fail "an encrypted backup was restored without its key"; fi
    LYCEUM_BACKUP_KEY=$work/backup-key production deploy/backup.sh --verify
    check "an encrypted one too, with its key only"
    cp -a "$work/state/backups" "$work/yesterday"
    # Everything is lost but the backup.
    local volume
    docker ps -aq --filter label=com.docker.compose.project=lyceum-test | xargs -r docker rm -f >/dev/null
    for volume in $(docker volume ls -q | grep -E '^lyceum-test_'); do docker volume rm "$volume" >/dev/null; done
    rm -rf "$work/state"
    mkdir -p "$work/state"
    leave_unfinished_in "$work/yesterday"
    mv "$work/yesterday" "$work/state/backups"
    LYCEUM_BACKUP_KEY=$work/backup-key LYCEUM_BACKUP_TAG=1 production deploy/restore.sh --yes
    production deploy/deploy.sh --no-backup --tag 1
    eventually 30 is_ok "$port"
    answers "$port" "/knowledge/$item" || fail "the data is not there"
    curl -s "http://127.0.0.1:$port/media/$file/content" | cmp - docs/operations.md || fail "the file is not there"
    check "yesterday's backup goes into an empty stack, and is served"
}

# As a backup that was killed, which sorts after all others.
leave_unfinished_in() { mkdir "$1/2999-01-01T000000Z.unfinished"; }

is_unfinished() { compgen -G "$work/state/backups/*.unfinished" >/dev/null; }

# upload_a_file ADDRESS: through the gateway, by a new teacher; says the file's id.
upload_a_file() {
    local token
    docker exec -i "$(containers auth | head -n 1)" lyceum user create "$1" --role teacher --stdin <<<lyceum-demo-1 >/dev/null
    token=$(curl -sf -H 'Content-Type: application/json' -d "{\"email\": \"$1\", \"password\": \"lyceum-demo-1\"}" \
        "http://127.0.0.1:$port/auth/login" | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
    curl -sf -H "Authorization: Bearer $token" -F visibility=public -F 'file=@docs/operations.md;filename=kept.txt' \
        "http://127.0.0.1:$port/media" | sed 's/.*"id":"\{0,1\}\([^",]*\).*/\1/'
}

# One byte of it is another.
damaged_object_is_found() {
    local objects=$work/state/backups/objects object
    object=$(find "$objects" -type f -printf '%P\n' -quit)
    cp -p "$objects/$object" "$work/object"
    printf '\377' | dd of="$objects/$object" bs=1 conv=notrunc status=none
    is_refused "object $object of backup .* is damaged" deploy/backup.sh --verify
    is_refused "object $object of backup .* is damaged" deploy/restore.sh --yes media
    cp -p "$work/object" "$objects/$object"
    production deploy/restore.sh --yes media
    check "a damaged object is found, before anything is restored"
}

# What a backup leaves that is killed while it copies.
object_is_copied_whole() {
    local objects=$work/state/backups/objects object
    object=$(find "$objects" -type f -size +1k -printf '%P\n' -quit)
    cp -p "$objects/$object" "$work/object"
    truncate -s 1000 "$objects/$object"
    sed -i "\|  $object\$|d" "$work/state/backups/objects.sha256"
    production deploy/backup.sh
    cmp "$work/object" "$objects/$object" || fail "the copy of $object is not whole"
    check "an object whose copy was cut off is copied again"
}

one_service_is_restored_alone() {
    local tag item
    is_refused 'the gateway has no data' deploy/restore.sh --yes gateway
    production deploy/backup.sh
    item=$(make_item 'Newer than the backup')
    answers "$port" "/knowledge/$item" || fail "what was made is not served"
    docker exec "$(containers auth | head -n 1)" lyceum user create newcomer@example.org --no-password
    tag=$(sed -n 's/^CONTENT_TAG=//p' "$work/state/versions")
    sed -i 's/^CONTENT_TAG=.*/CONTENT_TAG=ill/' "$work/state/versions"
    is_refused 'content did not start' deploy/restore.sh --yes content media
    [[ $(containers media) ]] || fail "media was not started after content had failed"
    sed -i "s/^CONTENT_TAG=.*/CONTENT_TAG=$tag/" "$work/state/versions"
    check "a service that does not start again is told, and keeps no other stopped"
    production deploy/restore.sh --yes content
    is_ok "$port" || fail "not all is served when the restore ends"
    ! answers "$port" "/knowledge/$item" || fail "content is not as in the backup"
    [[ $(in_schema_of auth <<<"SELECT count(*) FROM users WHERE email = 'newcomer@example.org'") == 1 ]] || fail "auth lost what is newer"
    check "one service goes back to its backup alone; the others keep what is newer"
}

backups_take_turns() {
    local before container
    before=$(finished_backups)
    begin_nightly_backup
    production deploy/backup.sh >"$work/second.log" 2>&1 &
    eventually 30 grep -q 'this one waits for it' "$work/second.log"
    is_unfinished || fail "the second backup removed the first"
    let_tables_go
    wait $! || fail "the second backup failed: $(cat "$work/second.log")"
    [[ $(comm -13 <(echo "$before") <(finished_backups) | wc -l) == 2 ]] || fail "not both have finished"
    check "a backup waits for one that is under way"
    begin_nightly_backup
    container=$(containers backup)
    timeout 5 docker stop -t 60 "$container" >/dev/null || fail "it does not end when it is stopped"
    [[ $(docker inspect --format '{{.State.ExitCode}}' "$container") == 0 ]] || fail "it was killed"
    ! is_unfinished || fail "what it had made is still there"
    let_tables_go
    production bash -c 'source deploy/roll.sh && compose up -d --no-deps backup'
    check "a backup that is stopped ends at once, and takes away what it has made"
}

finished_backups() { production deploy/backup.sh --list | cut -d' ' -f1; }

# By the container, in some seconds; it gets as far as a table that somebody has locked.
begin_nightly_backup() {
    in_content <<<"BEGIN; LOCK TABLE deleted_versions; SELECT pg_sleep(300)" >/dev/null 2>&1 &
    BACKUP_TIME=$(date -u -d '10 seconds' +%T) production bash -c 'source deploy/roll.sh && compose up -d --no-deps backup'
    eventually 60 dump_waits
}

dump_waits() {
    [[ $(in_postgres <<<"SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump' AND wait_event_type = 'Lock'") == 1 ]]
}

let_tables_go() {
    in_postgres <<<"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(300)%' AND pid <> pg_backend_pid()" >/dev/null
}

backups_are_forgotten() {
    local backups=$work/state/backups day hour
    upload_a_file librarian@example.org >/dev/null
    production deploy/backup.sh
    production deploy/backup.sh
    for day in 1 2 3 4; do
        for hour in 01 02 03; do
            mkdir "$backups/$(date -u -d "$day days ago" +%F)T${hour}0000Z"
            touch "$backups/$(date -u -d "$day days ago" +%F)T${hour}0000Z/complete"
        done
    done
    mkdir "$backups/objects/zz"
    echo "deleted in the store long ago" >"$backups/objects/zz/unlisted"
    BACKUP_KEEP=3 production deploy/backup.sh
    diff <(finished_backups | head -n -3) - <<-LIST || fail "others are kept than the newest of each day"
		$(date -u -d '2 days ago' +%F)T030000Z
		$(date -u -d '1 day ago' +%F)T030000Z
	LIST
    rm -r "$backups"/*T030000Z
    check "the newest are kept, and the newest of each day"
    mkdir -p "$work/old/2020-01-01T031500Z"
    touch "$work/old/2020-01-01T031500Z/complete"
    LYCEUM_BACKUPS=$work/old is_refused '2020-01-01T031500Z; there should be one each night' deploy/status.sh
    production deploy/status.sh
    check "status.sh tells of nights without a backup"
    [[ ! -e $backups/objects/zz ]] || fail "an object is there that no backup lists"
    ! grep unlisted "$backups/objects.sha256" || fail "its checksum is there"
    (cd "$backups/objects" && sha256sum --quiet -c ../objects.sha256) || fail "the others are not there"
    [[ $(find "$backups/objects" -type f | wc -l) == $(wc -l <"$backups/objects.sha256") ]] || fail "checksums are missing"
    check "objects that no backup lists are gone, with their checksums"
}

backup_without_the_graph() {
    local before
    in_content <<<"INSERT INTO concepts (slug, title) VALUES ('copied-before', 'Copied before')"
    before=$(content_sums)
    docker stop -t 60 "$(containers neo4j)" >/dev/null
    production deploy/backup.sh >"$work/graphless.log" 2>&1 || fail "no backup without Neo4j: $(cat "$work/graphless.log")"
    grep 'with an OLD GRAPH' "$work/graphless.log" || fail "it does not tell that the graph is an old one"
    [[ $(content_sums) == "$before" ]] || fail "the graph is not that of the last copy"
    start_graph_again
    production deploy/backup.sh
    [[ $(in_content <<<"SELECT count(*) FROM concepts WHERE slug = 'copied-before'") == 0 ]] || fail "the graph was not copied again"
    check "without Neo4j all else is backed up, with the graph of the last backup"
}

configuration_comes_back() {
    local token=a-token-of-the-platform
    echo "# my own" >"$work/state/configuration/gateway.yaml"
    printf '%s\n' '-----BEGIN PRIVATE KEY-----' >"$work/state/configuration/tls.pem"
    sed "s/^#TWO_FACTOR_SECRET=/TWO_FACTOR_SECRET=$token/" "$work/prod.env" >"$work/with-secret.env"
    cp "$work/with-secret.env" "$work/state/deployed/environment"
    production deploy/backup.sh
    local newest
    newest=$(production deploy/backup.sh --list | tail -n 1 | cut -d' ' -f1)
    tar -xOf "$work/state/backups/$newest/configuration.tar" | grep -qE "$token|PRIVATE KEY" && fail "a secret is in a backup that all can read"
    tar -tf "$work/state/backups/$newest/configuration.tar" | grep -q secrets && fail "secrets are in a backup that all can read"
    check "settings are in the backup, secrets only when it is encrypted"

    # Another version of a file is there now, one is gone, one is as it was.
    make_backup_key
    BACKUP_RECIPIENT=$recipient production deploy/backup.sh
    export LYCEUM_BACKUP_KEY=$work/backup-key
    mv "$work/prod.env" "$work/saved.env"
    echo "# somebody else's" >"$work/state/configuration/gateway.yaml"
    mv "$work/state/secrets/internal_secret" "$work/internal_secret"
    restore_configuration --dry-run
    [[ ! -e $work/prod.env && ! -e $work/state/secrets/internal_secret && ! -e $work/state/from-backup ]] || fail "a dry run changed something"
    if LYCEUM_BACKUP_KEY='' restore_configuration; then fail "an encrypted configuration was read without its key"; fi
    restore_configuration
    ! compgen -G "$work/state/unpacked.*" || fail "what was unpacked is still there"
    [[ $(stat -c %a "$work/state/from-backup") == 700 ]] || fail "others can enter what is laid beside"
    grep -q "$token" "$work/prod.env" || fail "the settings did not come back"
    cmp "$work/internal_secret" "$work/state/secrets/internal_secret" || fail "the secret did not come back"
    grep -q "somebody else's" "$work/state/configuration/gateway.yaml" || fail "a file was written over"
    grep -q "my own" "$work/state/from-backup/configuration/gateway.yaml" || fail "the backup's file is not beside"
    restore_configuration --replace
    grep -q "my own" "$work/state/configuration/gateway.yaml" || fail "the file was not replaced"
    grep -q "somebody else's" "$work/state/configuration/gateway.yaml.before" || fail "the file is lost"
    check "it comes back; what is another now is kept until it is to be replaced"
    rm -rf "$work"/state/configuration/* "$work/state/from-backup"
    mv "$work/saved.env" "$work/prod.env"
}

# Without any settings there, as on a new host.
restore_configuration() {
    LYCEUM_STATE=$work/state LYCEUM_IMAGES=lyceum-test LYCEUM_ENV_FILE=$work/prod.env deploy/restore.sh --configuration "$@"
}

recovery_to_a_point_in_time() {
    make_backup_key
    export BACKUP_WAL=yes BACKUP_RECIPIENT=$recipient LYCEUM_BACKUP_KEY=$work/backup-key
    production bash -c 'source deploy/roll.sh && compose up -d --no-deps backup'
    production deploy/backup.sh
    eventually 30 test -e "$work/state/backups/wal/receiving"
    # Left by a container that was killed while it stored a segment.
    echo "half a segment" >"$work/state/backups/wal/unfinished-000000010000000000000001.gz"
    local moment before kept item
    in_content <<<"INSERT INTO concepts (slug, title) VALUES ('recovered', 'Recovered')"
    make_item 'Before the mistake'
    moment=$(in_content <<<"SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
    before=$(content_sums)
    item=$(make_item 'After it')
    answers "$port" "/knowledge/$item" || fail "what was made is not served"
    in_content <<<"SELECT pg_sleep(0.1); DROP TABLE knowledge CASCADE" >/dev/null
    if production deploy/restore.sh --to-time 2001-01-01T00:00:00Z --yes; then fail "a time before all backups was reached"; fi
    if production deploy/restore.sh --to-time "$(date -u -d '1 hour' +%FT%TZ)" --yes; then fail "a time to come was reached"; fi
    [[ $(in_content <<<"SELECT to_regclass('content.knowledge') IS NULL") == t ]] || fail "it is not as it was before"
    check "a time that no log leads to changes nothing"
    production deploy/restore.sh --to-time "$moment" --yes
    [[ $(content_sums) == "$before" ]] || fail "the tables differ from those of $moment: $(diff <(content_sums) <(echo "$before"))"
    is_ok "$port" || fail "not all is served when the restore ends"
    ! answers "$port" "/knowledge/$item" || fail "what came after is there"
    check "all tables are as at the time before one was dropped, to the last row"
    docker exec "$(containers content | head -n 1)" lyceum graph copy --from postgres --to bolt --replace
    curl -s "http://127.0.0.1:$port/graph/concepts" | grep -q '"recovered"' || fail "Neo4j has not the graph of then"
    check "the graph, too, once it is copied"
    kept=$(kept_before_recovery)
    if production deploy/restore.sh --to-time "$(date -u -d '1 hour' +%FT%TZ)" --yes; then fail "a time to come was reached"; fi
    [[ $(kept_before_recovery) == "$kept" ]] || fail "what was there before the recovery is lost by one that failed"
    # From there on anew.
    make_item 'After the recovery'
    before=$(content_sums)
    production deploy/restore.sh --to-time latest --yes
    [[ $(content_sums) == "$before" ]] || fail "the tables differ from the latest"
    check "and again, to the last that was written, along the new log"
    log_is_received_again
}

# Switched off, and on when PostgreSQL has nothing any more of what was half received.
log_is_received_again() {
    eventually 30 compgen -G "$work/state/backups/wal/receiving/*.partial"
    BACKUP_WAL=no production bash -c 'source deploy/roll.sh && compose up -d --no-deps backup'
    BACKUP_WAL=no production deploy/backup.sh
    for _ in 1 2 3; do in_postgres <<<"CREATE TABLE public.filler (); DROP TABLE public.filler; SELECT pg_switch_wal(); CHECKPOINT" >/dev/null; done
    production bash -c 'source deploy/roll.sh && compose up -d --no-deps backup'
    eventually 60 log_is_received
    check "the log is received again when it was not for a while"
}

# Whether it is the same folder still.
kept_before_recovery() {
    docker exec "$(containers postgres)" stat -c %i /var/lib/postgresql/data/.before-recovery/PG_VERSION
}

in_content() { in_schema_of content; }

in_schema_of() {
    docker exec -i -e PGPASSWORD="$(cat "$work/state/secrets/$1_database_password")" \
        "$(containers postgres)" psql -XqAt -h 127.0.0.1 -U "$1" -d lyceum -v ON_ERROR_STOP=1
}

in_postgres() { docker exec -i "$(containers postgres)" psql -XqAt -U postgres -d lyceum -v ON_ERROR_STOP=1; }

# Services write to their tables by themselves, content least.
content_sums() {
    local table
    for table in knowledge chapters edtech_content content_versions concepts; do
        in_content <<<"SELECT '$table', count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM $table AS t"
    done
}

# age ships in the image that backs up.
make_backup_key() {
    docker run --rm --entrypoint age-keygen lyceum-test/backup:1 >"$work/backup-key" 2>"$work/age.log"
    recipient=$(sed -n 's/^# public key: //p' "$work/backup-key")
}

# make_item TITLE: says its id.
make_item() {
    in_content <<<"INSERT INTO knowledge (title, default_language, created_by) VALUES ('$1', 'en', gen_random_uuid()) RETURNING id"
}

rotated_secrets() {
    local name authenticators receiver
    authenticators=$(<"$work/state/secrets/two_factor_secret")
    BACKUP_WAL=yes production bash -c 'source deploy/roll.sh && compose up -d --no-deps backup'
    eventually 30 log_is_received
    receiver=$(in_postgres <<<"SELECT pid FROM pg_stat_replication")
    start_load
    for name in auth content media analytics postgres_password graph_password internal_secret; do
        production deploy/rotate-secret.sh "$name"
    done
    no_request_failed "rotation of all secrets"
    own_database_stays
    [[ $(<"$work/state/secrets/two_factor_secret") == "$authenticators" ]] || fail "authenticators are lost"
    # A run that was killed before it had put the new one in place.
    in_postgres <<<"ALTER ROLE postgres PASSWORD 'half-way'"
    printf half-way >"$work/state/secrets/postgres_password.next"
    production deploy/rotate-secret.sh postgres_password
    printf half-way >"$work/state/secrets/graph_password.next"
    production bash -c "source deploy/roll.sh && change_graph_password '$(<"$work/state/secrets/graph_password")' half-way"
    production deploy/rotate-secret.sh graph_password
    check "what was begun by a run that was killed is ended by the next"
    # It wants the superuser's, content's and the graph's.
    production deploy/backup.sh
    in_postgres <<<"SELECT pg_terminate_backend($receiver)" >/dev/null
    eventually 30 log_is_received "$receiver"
    check "backups know the new passwords, and so does what receives the log when it connects again"
    production deploy/rotate-secret.sh graph_password
    check "the graph's is another again"
}

# An operator has written the URL of a database elsewhere.
own_database_stays() {
    local file=$work/state/secrets/media_database_url stacks own=postgres://media:word@db.example.org:5432/lyceum
    stacks=$(<"$file")
    printf %s "$own" >"$file"
    is_refused 'the server is not of this stack' deploy/rotate-secret.sh media
    production deploy/rotate-secret.sh postgres_password
    [[ $(<"$file") == "$own" ]] || fail "it was written over"
    printf %s "$stacks" >"$file"
    check "no rotation writes over an operator's own URL"
}

# log_is_received [PID]: by another session than that one.
log_is_received() {
    [[ $(in_postgres <<<"SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND pid <> ${1:-0}") == 1 ]]
}
