import NIOCore
import ServiceKitTesting
import Testing

@testable import Content

@Suite("Bolt's client, with a server that says what it is told")
struct BoltClientTests {
    @Test("the same calls send the very bytes that Neo4j's own driver sends", arguments: 0...4 as ClosedRange<UInt8>)
    func golden(minor: UInt8) async throws {
        let golden = try BoltGolden<[String: [String]]>.load("messages.json")
        let hasFailed = Counter()
        let reply = { @Sendable (received: ScriptedBoltServer.Received) -> ScriptedBoltServer.Reply in
            if received.tag == 0x0F { hasFailed.reset() }
            if received.fields.first == "FAIL" {
                hasFailed.increment()
                return .failure("Neo.ClientError.Statement.SyntaxError")
            }
            return hasFailed.value > 0 ? .responses([.ignored]) : ScriptedBoltServer.agree(received)
        }
        try await ScriptedBoltServer.run(handshake: [0, 0, minor, 5], reply: reply) { server in
            try await BoltClient.withClient(try server.options(), logger: TestGraph.quiet) { client in
                try await client.read { transaction in
                    try await transaction.run(
                        "MATCH (c:Concept {slug: $slug}) RETURN c.title AS title", ["slug": "halves"])
                }
                await #expect(throws: Enough.self) {
                    try await client.write { transaction in
                        try await transaction.run("CREATE (:Concept {slug: $slug})", ["slug": "quarters"])
                        throw Enough()
                    }
                }
                await #expect(throws: BoltError.self) {
                    try await client.write { transaction in try await transaction.run("FAIL") }
                }
                try await client.write { transaction in try await transaction.run("RETURN 1") }
            }
            try await eventually { server.tags.last == 0x02 }
            #expect(server.received.map(\.message.hex) == golden["5.\(minor)"])
        }
    }

    @Test("and so it is for a cluster, with results that are left early", arguments: 0...4 as ClosedRange<UInt8>)
    func goldenRouted(minor: UInt8) async throws {
        let golden = try BoltGolden<[String: [String]]>.load("messages.json")
        let hasMore = Counter()
        let reply = { @Sendable (received: ScriptedBoltServer.Received) -> ScriptedBoltServer.Reply in
            switch received.tag {
            case 0x10 where received.fields.first == "RETURN MANY": hasMore.increment()
            case 0x10: hasMore.reset()
            case 0x12: return .responses([.success(["bookmark": "b1"])])
            case 0x3F where hasMore.value > 0: return .responses([.record([1]), .success(["has_more": true])])
            case 0x66: return .routingTable(of: received)
            default: break
            }
            return ScriptedBoltServer.agree(received)
        }
        try await ScriptedBoltServer.run(handshake: [0, 0, minor, 5], reply: reply) { server in
            var options = try server.options("neo4j", query: "?policy=eu")
            options.fetchSize = 1
            try await BoltClient.withClient(options, logger: TestGraph.quiet) { client in
                try await client.write { transaction in
                    for try await _ in try await transaction.stream("RETURN MANY") { break }
                }
                try await client.write { transaction in _ = try await transaction.stream("RETURN 1") }
            }
            try await eventually { server.tags.last == 0x02 }
            let address = ByteBuffer(string: server.address.description).hex
            let recorded = ByteBuffer(string: "127.0.0.1:00000").hex
            #expect(
                server.received.map { $0.message.hex.replacing(address, with: recorded) }
                    == golden["5.\(minor) routed"])
        }
    }

    @Test("records are asked for in batches, as they are used")
    func batches() async throws {
        let reply = { @Sendable (received: ScriptedBoltServer.Received) -> ScriptedBoltServer.Reply in
            received.tag == 0x3F
                ? .responses([.record([1]), .record([2]), .success(["has_more": true])])
                : ScriptedBoltServer.agree(received)
        }
        try await ScriptedBoltServer.run(reply: reply) { server in
            var options = try server.options()
            options.fetchSize = 2
            try await BoltClient.withClient(options, logger: TestGraph.quiet) { client in
                try await client.read { transaction in
                    var records = try await transaction.stream("RETURN 1").makeAsyncIterator()
                    for taken in 1...6 {
                        #expect(try await records.next()?["x"] == (taken - 1) % 2 + 1)
                        #expect(server.tags.count { $0 == 0x3F } == (taken + 1) / 2)
                    }
                }
            }
            // What was left is thrown away before the commit.
            try await eventually { server.tags.last == 0x02 }
            #expect(server.tags.suffix(3) == [0x2F, 0x12, 0x02])
            #expect(server.received.first { $0.tag == 0x3F }?.fields == [["n": 2]])
        }
    }

    @Test("a later statement throws away what an earlier one left")
    func superseded() async throws {
        let reply = { @Sendable (received: ScriptedBoltServer.Received) -> ScriptedBoltServer.Reply in
            received.tag == 0x3F
                ? .responses([.record([1]), .success(["has_more": true])]) : ScriptedBoltServer.agree(received)
        }
        try await ScriptedBoltServer.run(reply: reply) { server in
            try await BoltClient.withClient(try server.options(), logger: TestGraph.quiet) { client in
                try await client.read { transaction in
                    var first = try await transaction.stream("RETURN 1").makeAsyncIterator()
                    _ = try await transaction.stream("RETURN 2")
                    #expect(try await first.next() != nil)
                    let error = await #expect(throws: BoltError.self) { try await first.next() }
                    #expect(error == .unexpected("the result was closed by a later statement"))
                }
            }
            try await eventually { server.tags.last == 0x02 }
            #expect(server.tags == [0x01, 0x6A, 0x11, 0x10, 0x3F, 0x2F, 0x10, 0x3F, 0x2F, 0x12, 0x02])
        }
    }

    @Test("a transaction that fails in passing is run again as a whole, and the connection reset in between")
    func retry() async throws {
        try await ScriptedBoltServer.run(
            reply: failing(times: 2, with: .failure("Neo.TransientError.Transaction.DeadlockDetected"))
        ) { server in
            let runs = Counter()
            try await BoltClient.withClient(try server.options(), logger: TestGraph.quiet) { client in
                try await client.write { transaction in
                    runs.increment()
                    try await transaction.run("CREATE ()")
                }
            }
            #expect(runs.value == 3 && server.connectionCount == 1)
            #expect(server.tags.count { $0 == 0x0F } == 2 && server.tags.count { $0 == 0x12 } == 1)
        }
    }

    @Test("so is one whose connection was lost, on a new one")
    func lostConnection() async throws {
        try await ScriptedBoltServer.run(reply: failing(times: 2, with: .hangUp)) { server in
            try await BoltClient.withClient(try server.options(), logger: TestGraph.quiet) { client in
                try await client.write { transaction in try await transaction.run("CREATE ()") }
            }
            #expect(server.connectionCount == 3)
        }
    }

    @Test("but not when it was lost during the commit, which may have taken place")
    func lostCommit() async throws {
        let reply = { @Sendable (received: ScriptedBoltServer.Received) -> ScriptedBoltServer.Reply in
            received.tag == 0x12 ? .hangUp : ScriptedBoltServer.agree(received)
        }
        try await ScriptedBoltServer.run(reply: reply) { server in
            try await BoltClient.withClient(try server.options(), logger: TestGraph.quiet) { client in
                let error = await #expect(throws: BoltError.self) {
                    try await client.write { transaction in try await transaction.run("CREATE ()") }
                }
                guard case .commitUnknown? = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
            #expect(server.tags.count { $0 == 0x12 } == 1)
        }
    }

    @Test("what will not pass is not tried again")
    func permanent() async throws {
        try await ScriptedBoltServer.run(
            reply: failing(times: 1, with: .failure("Neo.ClientError.Statement.SyntaxError"))
        ) { server in
            try await BoltClient.withClient(try server.options(), logger: TestGraph.quiet) { client in
                let error = await #expect(throws: BoltError.self) {
                    try await client.write { transaction in try await transaction.run("CRATE ()") }
                }
                #expect(error?.server?.code == "Neo.ClientError.Statement.SyntaxError")
            }
            #expect(server.tags.count { $0 == 0x10 } == 1)
        }
    }

    @Test("a later transaction waits for what an earlier one wrote, whichever server has it")
    func bookmarks() async throws {
        let commits = Counter()
        let reply = { @Sendable (received: ScriptedBoltServer.Received) -> ScriptedBoltServer.Reply in
            guard received.tag == 0x12 else { return ScriptedBoltServer.agree(received) }
            commits.increment()
            return .responses([.success(["bookmark": .string("b\(commits.value)")])])
        }
        try await ScriptedBoltServer.run(reply: reply) { server in
            try await BoltClient.withClient(try server.options(), logger: TestGraph.quiet) { client in
                for _ in 0..<3 { try await client.write { transaction in try await transaction.run("CREATE ()") } }
            }
            let begins = server.received.filter { $0.tag == 0x11 }.map(\.fields)
            #expect(begins[1] == [["db": "lyceum", "bookmarks": ["b1"]]])
            #expect(begins[2] == [["db": "lyceum", "bookmarks": ["b2"]]])
        }
    }

    @Test(
        "a server that breaks the rules is left",
        arguments: [
            [0x00, 0x03, 0xB1, 0x71, 0x90, 0x00, 0x00], [0x00, 0x01, 0xFF, 0x00, 0x00],
            [0x00, 0x02, 0xB0, 0x70, 0x00, 0x00], [0x00, 0x07, 0xB1, 0x70, 0xD6, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00],
        ] as [[UInt8]])
    func violation(bytes: [UInt8]) async throws {
        let reply = { @Sendable (received: ScriptedBoltServer.Received) -> ScriptedBoltServer.Reply in
            switch received.tag {
            case 0x01, 0x6A: ScriptedBoltServer.agree(received)
            case 0x11: .bytes(bytes)
            default: .silence
            }
        }
        try await ScriptedBoltServer.run(reply: reply) { server in
            try await BoltClient.withClient(try server.options(), logger: TestGraph.quiet) { client in
                let error = await #expect(throws: BoltError.self) {
                    try await client.read { transaction in try await transaction.run("RETURN 1") }
                }
                guard case .violation? = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
        }
    }

    @Test("a server that falls silent is left after the time that it named itself")
    func silence() async throws {
        let reply = { @Sendable (received: ScriptedBoltServer.Received) -> ScriptedBoltServer.Reply in
            switch received.tag {
            case 0x01: .responses([.success(["hints": ["connection.recv_timeout_seconds": 1]])])
            case 0x10: .silence
            default: ScriptedBoltServer.agree(received)
            }
        }
        try await ScriptedBoltServer.run(reply: reply) { server in
            var options = try server.options()
            options.retry.longest = .zero
            try await BoltClient.withClient(options, logger: TestGraph.quiet) { client in
                let error = await #expect(throws: BoltError.self) {
                    try await client.read { transaction in try await transaction.run("RETURN 1") }
                }
                #expect(error == .connection("the server is silent"))
            }
        }
    }

    @Test("refused credentials are told at once")
    func unauthorized() async throws {
        let reply = { @Sendable (received: ScriptedBoltServer.Received) -> ScriptedBoltServer.Reply in
            received.tag == 0x6A
                ? .failure("Neo.ClientError.Security.Unauthorized") : ScriptedBoltServer.agree(received)
        }
        try await ScriptedBoltServer.run(reply: reply) { server in
            try await BoltClient.withClient(try server.options(), logger: TestGraph.quiet) { client in
                let error = await #expect(throws: BoltError.self) {
                    try await client.read { transaction in try await transaction.run("RETURN 1") }
                }
                #expect(error?.server?.code == "Neo.ClientError.Security.Unauthorized")
                #expect(await client.isReady == false)
            }
        }
    }

    @Test("where connecting comes to no end, that it is not ready is known within its second")
    func deafness() async throws {
        let deaf = try DeafSocket()
        defer { deaf.close() }
        var options = BoltOptions(url: try BoltURL("bolt://127.0.0.1:\(deaf.port)"))
        options.connectTimeout = .seconds(120)
        try await BoltClient.withClient(options, logger: TestGraph.quiet) { client in
            let start = ContinuousClock.now
            #expect(await client.isReady == false)
            #expect(start.duration(to: .now) < .seconds(60))
        }
    }

    @Test("who waits for a server that can't be reached is told soon after ten seconds, and later at once")
    func unreachable() async throws {
        let deaf = try DeafSocket()
        defer { deaf.close() }
        let options = BoltOptions(url: try BoltURL("bolt://127.0.0.1:\(deaf.port)"))
        try await BoltClient.withClient(options, logger: TestGraph.quiet) { client in
            let read = { @Sendable () async throws in
                _ = try await client.read { transaction in try await transaction.run("RETURN 1") }
            }
            let start = ContinuousClock.now
            await #expect(throws: BoltError.self) { try await read() }
            // Two tries of five seconds each, with a second between them.
            #expect(start.duration(to: .now) < .seconds(15))
            let errors = await withTaskGroup(of: BoltError?.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        do {
                            try await read()
                            return nil
                        } catch { return error as? BoltError }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(errors.count == 100 && errors.count { $0 == .unreachable } >= 95)
        }
    }

    /// Answers RUN with `reply` so many times, and agrees to everything else.
    private func failing(
        times: Int, with reply: ScriptedBoltServer.Reply
    ) -> @Sendable (ScriptedBoltServer.Received) -> ScriptedBoltServer.Reply {
        let failures = Counter()
        let hasFailed = Counter()
        return { received in
            switch received.tag {
            case 0x0F:
                hasFailed.reset()
                return .success
            case 0x10 where failures.value < times:
                failures.increment()
                if case .responses = reply { hasFailed.increment() }
                return reply
            default: return hasFailed.value > 0 ? .responses([.ignored]) : ScriptedBoltServer.agree(received)
            }
        }
    }

    private struct Enough: Error {}
}
