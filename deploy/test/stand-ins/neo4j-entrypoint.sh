#!/bin/sh
set -eu
auth=${NEO4J_AUTH:-$(cat "${NEO4J_AUTH_FILE:-/dev/null}")}
: "${auth:?NEO4J_AUTH or NEO4J_AUTH_FILE is missing}"
[ -s /data/root-password ] || (umask 077 && echo "${auth#*/}" >/data/root-password)
# ArcadeDB makes a password for root where none is given.
exec /opt/arcadedb/jre/bin/java -Xmx512m -XX:+UseSerialGC -Duser.timezone=UTC -cp '/opt/arcadedb/jars/*' \
    -Darcadedb.server.rootPath=/data -Darcadedb.server.rootPassword="${auth#*/}" \
    -Darcadedb.server.plugins=Bolt:com.arcadedb.bolt.BoltProtocolPlugin -Darcadedb.bolt.host=0.0.0.0 \
    -Darcadedb.bolt.port=7687 -Darcadedb.bolt.ssl=DISABLED -Darcadedb.server.httpIncomingHost=127.0.0.1 \
    -Darcadedb.server.defaultDatabases="neo4j[${auth%%/*}:${auth#*/}:admin]" com.arcadedb.server.ArcadeDBServer
