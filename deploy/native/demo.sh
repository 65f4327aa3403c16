#!/usr/bin/env bash
# The main job on real input: brings the Debian installation guide in 19 languages into the running platform.
# The package comes from Debian's archive once and is kept in the data folder; INSTALLATION_GUIDE names a .deb to take
# instead, for a machine without access to the archive.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

package=installation-guide-amd64
folder=$data/demo
mkdir -p "$folder"

fetch() {
    local found=("$folder/$package"_*.deb)
    if [[ ! -f ${found[0]} ]]; then
        command -v apt-get >/dev/null || die "There is no apt-get here. Download $package's .deb from
  https://packages.debian.org/$package and run INSTALLATION_GUIDE=/path/to/it make demo"
        say "Downloading $package" >&2
        if ! (cd "$folder" && apt-get download -qq "$package") >"$folder/download.log" 2>&1; then
            die "apt-get could not download $package; it says why in $folder/download.log.
On a system other than Debian run INSTALLATION_GUIDE=/path/to/the.deb make demo"
        fi
        found=("$folder/$package"_*.deb)
    fi
    say "${found[0]}"
}

archive=${INSTALLATION_GUIDE:-$(fetch)}
if [[ ! -f $folder/book/counts.json || $archive -nt $folder/book/counts.json ]]; then
    say "Converting $(basename "$archive") to Markdown"
    rm -rf "$folder/package" "$folder/book"
    dpkg-deb -x "$archive" "$folder/package"
    python3 -B deploy/demo/convert.py "$folder/package" "$folder/book"
fi
LYCEUM_URL=${LYCEUM_URL:-$(url_of gateway)} python3 -B deploy/demo/demo.py "$folder/book"
