# ArcadeDB, which speaks Bolt, with what the Compose files use of Neo4j's image: NEO4J_AUTH[_FILE], port 7687, /data,
# cypher-shell.
FROM debian:12.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl libstdc++6 zlib1g && rm -rf /var/lib/apt/lists/*
COPY arcadedb_embedded /opt/arcadedb
COPY --chmod=0755 cypher-shell neo4j-entrypoint.sh /usr/local/bin/
VOLUME /data
ENTRYPOINT ["neo4j-entrypoint.sh"]
