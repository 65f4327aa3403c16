#!/usr/bin/env bash
# swagger-ui.sh FOLDER: puts Swagger UI there, from the package swagger-ui-bundle-v2 of PyPI, for SWAGGER_UI to name.
set -euo pipefail

version=5.31.0
sum=ad8484399c8da2868db86080bcd89bd3209d8efb69159a2c0145766da8968112
folder=${1:?swagger-ui.sh FOLDER}
[ ! -s "$folder/swagger-ui-bundle.js" ] || exit 0
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
python3 -m venv "$temporary/venv"
echo "swagger-ui-bundle-v2==$version --hash=sha256:$sum" > "$temporary/requirements.txt"
"$temporary/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --require-hashes --retries 1 \
    --dest "$temporary" -r "$temporary/requirements.txt"
python3 -m zipfile -e "$temporary"/*.whl "$temporary/wheel"
mkdir -p "$folder"
cp "$temporary"/wheel/swagger_ui_bundle/vendor/swagger-ui-*/swagger-ui{.css,-bundle.js} "$folder/"
