#!/usr/bin/env bash
# swagger-ui.sh FOLDER: puts Swagger UI there, from the package swagger-ui-bundle-v2 of PyPI, for SWAGGER_UI to name.
set -euo pipefail

version=5.31.0
folder=${1:?swagger-ui.sh FOLDER}
[ ! -s "$folder/swagger-ui-bundle.js" ] || exit 0
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
python3 -m pip download --quiet --no-deps --dest "$temporary" "swagger-ui-bundle-v2==$version"
python3 -m zipfile -e "$temporary"/*.whl "$temporary/wheel"
mkdir -p "$folder"
cp "$temporary"/wheel/swagger_ui_bundle/vendor/swagger-ui-*/swagger-ui{.css,-bundle.js} "$folder/"
