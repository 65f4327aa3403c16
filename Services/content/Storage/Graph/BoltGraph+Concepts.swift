import FoundationEssentials

extension BoltGraph {
    func concepts(after slug: ConceptSlug?, limit: Int) async throws -> [Concept] {
        try await client.read { transaction in
            let records = try await transaction.run(
                """
                MATCH (c:Concept)
                WHERE c.slug > $slug
                RETURN c.slug AS slug, c.title AS title, c.summary AS summary, c.metadata AS metadata,
                       c.version AS version, c.created_at AS created_at, c.updated_at AS updated_at
                ORDER BY c.slug
                LIMIT $limit
                """, ["slug": .string(slug?.description ?? ""), "limit": .integer(Int64(limit))])
            return try records.map(Concept.init)
        }
    }

    func conceptCount() async throws -> Int {
        try await client.read { transaction in
            try await transaction.run("MATCH (c:Concept) RETURN count(c) AS count").first?["count"] ?? 0
        }
    }

    func concept(_ slug: ConceptSlug) async throws -> Concept? {
        try await client.read { transaction in
            let records = try await transaction.run(
                """
                MATCH (c:Concept {slug: $slug})
                RETURN c.slug AS slug, c.title AS title, c.summary AS summary, c.metadata AS metadata,
                       c.version AS version, c.created_at AS created_at, c.updated_at AS updated_at
                """, ["slug": slug.bolt])
            return try records.first.map(Concept.init)
        }
    }

    func create(_ slug: ConceptSlug, _ text: ConceptText) async throws -> Concept {
        do {
            return try await client.write { transaction in
                let records = try await transaction.run(
                    """
                    CREATE (c:Concept {slug: $slug, title: $title, summary: $summary, metadata: $metadata, version: 1,
                                       created_at: $now, updated_at: $now})
                    RETURN c.slug AS slug, c.title AS title, c.summary AS summary, c.metadata AS metadata,
                           c.version AS version, c.created_at AS created_at, c.updated_at AS updated_at
                    """, Self.parameters(slug, text))
                return try Concept(records.only(of: slug))
            }
        } catch BoltError.server(let error) where error.isConstraintViolation {
            throw GraphError.conceptChanged(slug)
        }
    }

    func replace(_ concept: Concept, with text: ConceptText) async throws -> Concept {
        try await client.write { transaction in
            try await Self.lock(concept, in: transaction)
            let records = try await transaction.run(
                """
                MATCH (c:Concept {slug: $slug})
                SET c.title = $title, c.summary = $summary, c.metadata = $metadata, c.version = c.version + 1,
                    c.updated_at = $now
                RETURN c.slug AS slug, c.title AS title, c.summary AS summary, c.metadata AS metadata,
                       c.version AS version, c.created_at AS created_at, c.updated_at AS updated_at
                """, Self.parameters(concept.slug, text))
            return try Concept(records.only(of: concept.slug))
        }
    }

    func delete(_ concept: Concept) async throws {
        try await client.write { transaction in
            try await Self.lock(concept, in: transaction)
            _ = try await transaction.run(
                "MATCH (c:Concept {slug: $slug}) DETACH DELETE c", ["slug": concept.slug.bolt])
        }
    }

    /// Setting a property takes the node's lock before it is looked at; else two writers could see the same.
    ///
    /// - Throws: ``GraphError/conceptChanged(_:)`` unless it is still what the caller knows.
    private static func lock(_ concept: Concept, in transaction: BoltTransaction) async throws {
        let records = try await transaction.run(
            """
            MATCH (c:Concept {slug: $slug})
            SET c.locked = true
            REMOVE c.locked
            RETURN c.version AS version, c.created_at AS created_at
            """, ["slug": concept.slug.bolt])
        let found = try records.only(of: concept.slug)
        let (version, createdAt): (Int, Date) = (try found["version"], try found["created_at"])
        guard version == concept.version, createdAt == concept.createdAt else {
            throw GraphError.conceptChanged(concept.slug)
        }
    }

    private static func parameters(_ slug: ConceptSlug, _ text: ConceptText) -> BoltMap {
        [
            "slug": slug.bolt, "title": .string(text.title), "summary": .string(text.summary),
            "metadata": .string(text.metadata.text), "now": .moment(Date()),
        ]
    }
}

extension [BoltRecord] {
    /// What has been deleted since is not found.
    fileprivate func only(of slug: ConceptSlug) throws -> BoltRecord {
        guard let first else { throw GraphError.conceptChanged(slug) }
        return first
    }
}

extension Concept {
    init(_ record: BoltRecord) throws {
        self.init(
            slug: try record["slug"],
            text: ConceptText(
                title: try record["title"], summary: try record["summary"],
                metadata: JSONObjectText(text: try record["metadata"])),
            version: try record["version"], createdAt: try record["created_at"], updatedAt: try record["updated_at"])
    }
}
