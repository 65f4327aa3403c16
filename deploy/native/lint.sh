#!/usr/bin/env bash
# Everything that can be judged without building.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

say "swift format"
swift format lint --strict --parallel --recursive Package.swift Shared Services Tests Benchmarks

say "shellcheck"
command -v shellcheck >/dev/null || die "shellcheck is missing: make setup installs it."
mapfile -t scripts < <(git ls-files '*.sh' .ci/run)
shellcheck --external-sources --source-path=SCRIPTDIR "${scripts[@]}"

say "Python scripts"
mapfile -t programs < <(git ls-files '*.py')
((${#programs[@]} == 0)) || python3 - "${programs[@]}" <<-'PYTHON'
	import ast, sys
	for path in sys.argv[1:]:
	    ast.parse(open(path, encoding="utf-8").read(), path)
PYTHON
say "Nothing to mend."
