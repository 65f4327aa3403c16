#!/usr/bin/env bash
# GET /media/{id}/content of 100 MB, from a bucket, against reading the same object from the store itself, by a presigned
# URL, in one run; then how much an upload of 1 GB adds to media's resident memory. The store is SeaweedFS; media has one
# core, all else the other; alternating runs, medians.
source "$(dirname "$0")/lib.sh" bench-media

need_programs media auth
need_tools curl python3
trap 'deploy/native/objects.sh stop "$home/objects"; stop_all' EXIT
start_cluster "$load_core" -c shared_buffers=128MB
store_port=$((port + 10))
taskset -c "$load_core" deploy/native/objects.sh start "$store_port" "$home/objects"
export STORAGE_URL=s3+http://127.0.0.1:$store_port/media STORAGE_ACCESS_KEY=lyceum STORAGE_SECRET_KEY=lyceum-secret
export STORAGE_PUBLIC_URL=http://127.0.0.1:$store_port
curl -fsS -X PUT --aws-sigv4 aws:amz:us-east-1:s3 -u lyceum:lyceum-secret "http://127.0.0.1:$store_port/media"
start_service auth $((port + 1)) "$load_core"
start_service media $((port + 2)) "$server_core"
media_pid=${pids[-1]}
url=http://127.0.0.1:$((port + 2))
token=$(sign_up teacher)
until curl -fsS -o /dev/null -H "Authorization: Bearer $token" "$url/media" 2> /dev/null; do sleep 0.1; done

# upload MEGABYTES: the new file's id. Plain text is taken as it is.
upload() {
    head -c "$1"000000 /dev/zero | tr '\0' 'a' |
        curl -fsS "$url/media" -H "Authorization: Bearer $token" -F visibility=public -F 'file=@-;filename=long.txt' |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["id"])'
}
resident() { awk '/^VmRSS/ {print int($2 / 1024)}' "/proc/$media_pid/status"; }

# megabytes_per_second URL: of ten downloads, one after the other.
megabytes_per_second() {
    local start end
    start=$(milliseconds)
    taskset -c "$load_core" curl -fsS "$1#[1-10]" -o /dev/null
    end=$(milliseconds)
    echo $((1000000 / (end - start)))
}

id=$(upload 100)
direct=$(curl -fsS "$url/media/$id/presign" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
    -d '{"expires_in": 3600}' | python3 -c 'import json, sys; print(json.load(sys.stdin)["url"])')
own=() peers=()
for _ in $(seq "$runs"); do
    own+=("$(megabytes_per_second "$url/media/$id/content")")
    peers+=("$(megabytes_per_second "$direct")")
done
head_row "100 MB from the bucket, MB per second" store
row "GET /media/{id}/content" "$(median "${own[@]}")" "$(median "${peers[@]}")" 0.90
printf 'runs: ours %s; store %s\n' "${own[*]}" "${peers[*]}"

before=$(resident) highest=0
(upload 1000 > "$home/large") &
upload=$!
while kill -0 "$upload" 2> /dev/null; do
    now=$(resident)
    ((now <= highest)) || highest=$now
    sleep 0.05
done
wait "$upload" || die "the upload of 1 GB failed"
printf '%-52s %10s %18s\n' "upload of 1 GB: resident memory that it adds, MB" "$((highest - before))" "at most 32"
