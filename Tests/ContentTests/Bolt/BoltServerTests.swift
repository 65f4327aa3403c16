import Testing

@testable import Content

@Suite("Bolt's client, with a real server", .enabled(if: TestGraph.isAvailable))
struct BoltServerTests {
    @Test("values come back as they were sent")
    func values() async throws {
        try await withClient { client in
            let names: Set = [
                "true", "text in many scripts", "lists in maps in lists", "date", "date before 1970", "moment in UTC",
                "moment before 1970", "moment in a zone", "local moment", "duration", "point in the plane",
                "point on the globe", "integer \(Int64.max)", "integer \(Int64.min)", "float 1.1", "bytes of 256",
                "string of 65536", "list of 65536", "map of 256",
            ]
            for name in names {
                let value = try #require(PackStreamTests.values[name])
                let records = try await client.read { transaction in
                    try await transaction.run("RETURN $x AS x", ["x": value])
                }
                #expect(try records.first?["x"] == value, "\(name)")
            }
        }
    }

    @Test("nodes, relationships and paths are read")
    func graphTypes() async throws {
        try await withClient { client in
            let records = try await client.write { transaction in
                try await transaction.run(
                    """
                    CREATE p = (a:Concept {slug: 'a'})-[r:REQUIRES {since: 2026}]->(b:Concept {slug: 'b'})
                    RETURN a, r, p
                    """)
            }
            let record = try #require(records.first)
            guard case .node(let a) = try record["a"] as BoltValue,
                case .relationship(let r) = try record["r"] as BoltValue,
                case .path(let p) = try record["p"] as BoltValue
            else {
                Issue.record("\(record)")
                return
            }
            #expect(a.labels == ["Concept"] && a.properties["slug"] == "a")
            #expect(r.type == "REQUIRES" && r.properties["since"] == 2026 && r.startElementID == a.elementID)
            #expect(p.nodes.map { $0.properties["slug"] } == ["a", "b"] && p.indices == [1, 1])
        }
    }

    @Test("a long result comes in batches, all of it and in order")
    func batches() async throws {
        try await withClient { client in
            let count = try await client.read { transaction in
                var expected = 0
                for try await record in try await transaction.stream("UNWIND range(0, 2499) AS n RETURN n") {
                    #expect(try record["n"] == expected)
                    expected += 1
                }
                return expected
            }
            #expect(count == 2_500)
        }
    }

    @Test("a result that is left early harms nothing that follows")
    func abandoned() async throws {
        try await withClient { client in
            for _ in 0..<3 {
                try await client.read { transaction in
                    for try await _ in try await transaction.stream("UNWIND range(0, 9999) AS n RETURN n") { break }
                    #expect(try await transaction.run("RETURN 7 AS n").first?["n"] == 7)
                    for try await _ in try await transaction.stream("UNWIND range(0, 9999) AS n RETURN n") { break }
                }
            }
        }
    }

    @Test("what is thrown out of a transaction undoes it")
    func rollback() async throws {
        try await withClient { client in
            await #expect(throws: Enough.self) {
                try await client.write { transaction in
                    try await transaction.run("CREATE (:Concept {slug: 'a'})")
                    throw Enough()
                }
            }
            await #expect(throws: BoltError.self) {
                try await client.write { transaction in
                    try await transaction.run("CREATE (:Concept {slug: 'a'})")
                    try await transaction.run("RETURN 1 / 0")
                }
            }
            let records = try await client.read { transaction in
                try await transaction.run("MATCH (c:Concept) RETURN count(c) AS n")
            }
            #expect(try records.first?["n"] == 0)
        }
    }

    @Test("two that change the same node both take effect, one after the other")
    func conflict() async throws {
        try await withClient { client in
            try await client.write { transaction in try await transaction.run("CREATE (:Concept {slug: 'a', n: 0})") }
            try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await client.write { transaction in
                            try await transaction.run("MATCH (c:Concept {slug: 'a'}) SET c.n = c.n + 1")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let records = try await client.read { transaction in
                try await transaction.run("MATCH (c:Concept {slug: 'a'}) RETURN c.n AS n")
            }
            #expect(try records.first?["n"] == 8)
        }
    }

    @Test("the server's refusals have their codes")
    func codes() async throws {
        try await withClient { client in
            for (cypher, code) in [
                ("RETURN foo(", "Neo.ClientError.Statement.SyntaxError"),
                ("CREATE (:Concept {slug: 'a'}), (:Concept {slug: 'a'})", constraint),
            ] {
                let error = await #expect(throws: BoltError.self) {
                    try await client.write { transaction in try await transaction.run(cypher) }
                }
                #expect(error?.server?.code == code)
            }
        }
    }

    @Test("a cancelled task leaves the client as good as before")
    func cancelled() async throws {
        try await withClient { client in
            for _ in 0..<5 {
                let task = Task {
                    try await client.read { transaction in
                        try await transaction.run("UNWIND range(0, 200000) AS n RETURN count(n) AS n")
                    }
                }
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
                #expect(await client.isReady)
            }
        }
    }

    @Test("a wrong password and a database that is not there are told, not tried again")
    func refused() async throws {
        let good = try TestGraph.options()
        let credentials = try #require(good.url.credentials)
        for (user, database, code) in [
            ("root:wrong", "x", "Neo.ClientError.Security.Unauthorized"),
            (
                "\(credentials.user):\(credentials.password)", "nowhere",
                "Neo.ClientError.Database.DatabaseNotFound"
            ),
        ] {
            let options = BoltOptions(url: try BoltURL("bolt://\(user)@\(good.url.address)/\(database)"))
            try await BoltClient.withClient(options, logger: TestGraph.quiet) { client in
                let error = await #expect(throws: BoltError.self) {
                    try await client.read { transaction in try await transaction.run("RETURN 1") }
                }
                #expect(error?.server?.code == code)
            }
        }
    }

    @Test("neo4j:// finds the way by the server's own routing table")
    func routed() async throws {
        try await TestGraph.withDatabase { options in
            let credentials = try #require(options.url.credentials)
            let database = try #require(options.url.database)
            let routed = BoltOptions(
                url: try BoltURL(
                    "neo4j://\(credentials.user):\(credentials.password)@\(options.url.address)/\(database)"))
            try await BoltClient.withClient(routed, logger: TestGraph.quiet) { client in
                try await client.write { transaction in try await transaction.run("CREATE (:Concept {slug: 'a'})") }
                let records = try await client.read { transaction in
                    try await transaction.run("MATCH (c:Concept) RETURN c.slug AS slug")
                }
                #expect(try records.first?["slug"] == "a")
            }
        }
    }

    private let constraint = "Neo.ClientError.Schema.ConstraintValidationFailed"

    private func withClient(_ body: @Sendable (BoltClient) async throws -> Void) async throws {
        try await TestGraph.withDatabase { options in
            try await BoltClient.withClient(options, logger: TestGraph.quiet) { client in try await body(client) }
        }
    }

    private struct Enough: Error {}
}

extension BoltValue: BoltDecodable {
    public init?(_ value: BoltValue) { self = value }
}
