import Foundation
import NIOSSL
import ServiceKitTesting
import Testing

@testable import Content

@Suite("Bolt's pool and routing, over real connections")
struct BoltPoolTests {
    @Test("no more connections are open than allowed, and none is lost when tasks are cancelled")
    func bounded() async throws {
        try await ScriptedBoltServer.run { server in
            var options = try server.options()
            options.maximumConnections = 3
            try await BoltClient.withClient(options, logger: TestGraph.quiet) { client in
                for round in 0..<20 {
                    let tasks = (0..<12).map { _ in
                        Task { try await client.read { transaction in try await transaction.run("RETURN 1") } }
                    }
                    for (number, task) in tasks.enumerated() where (number + round).isMultiple(of: 3) { task.cancel() }
                    for task in tasks { _ = await task.result }
                }
                // All three places are still there.
                let together = Rendezvous(of: 3)
                try await withThrowingTaskGroup { group in
                    for _ in 0..<3 {
                        group.addTask {
                            try await client.read { transaction in
                                try await transaction.run("RETURN 1")
                                await together.arrive()
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test("whoever waits too long for a connection is told so")
    func exhausted() async throws {
        try await ScriptedBoltServer.run { server in
            var options = try server.options()
            options.maximumConnections = 1
            options.acquisitionTimeout = .milliseconds(50)
            try await BoltClient.withClient(options, logger: TestGraph.quiet) { client in
                try await client.read { transaction in
                    try await transaction.run("RETURN 1")
                    let error = await #expect(throws: BoltError.self) {
                        try await client.read { inner in try await inner.run("RETURN 2") }
                    }
                    #expect(error == .exhausted)
                }
                try await client.read { transaction in try await transaction.run("RETURN 3") }
            }
        }
    }

    @Test("a connection that was idle for long is asked whether it lives, and replaced when it does not")
    func liveness() async throws {
        let isDead = Counter()
        let reply = { @Sendable (received: ScriptedBoltServer.Received) -> ScriptedBoltServer.Reply in
            received.tag == 0x0F && isDead.value > 0 ? .hangUp : ScriptedBoltServer.agree(received)
        }
        try await ScriptedBoltServer.run(reply: reply) { server in
            var options = try server.options()
            options.idleBeforeCheck = .zero
            try await BoltClient.withClient(options, logger: TestGraph.quiet) { client in
                for _ in 0..<2 { try await client.read { transaction in try await transaction.run("RETURN 1") } }
                #expect(server.connectionCount == 1 && server.tags.count { $0 == 0x0F } == 1)
                isDead.increment()
                try await client.read { transaction in try await transaction.run("RETURN 1") }
                #expect(server.connectionCount == 2)
            }
        }
    }

    @Test("a connection past its lifetime is replaced")
    func lifetime() async throws {
        try await ScriptedBoltServer.run { server in
            var options = try server.options()
            options.maximumLifetime = .zero
            try await BoltClient.withClient(options, logger: TestGraph.quiet) { client in
                for _ in 0..<3 { try await client.read { transaction in try await transaction.run("RETURN 1") } }
            }
            try await eventually { server.tags.count { $0 == 0x02 } == 3 }
            #expect(server.connectionCount == 3)
        }
    }

    @Test("once the authorization has expired, no connection that was open is used again")
    func authorizationExpired() async throws {
        let hasFailed = Counter()
        let reply = { @Sendable (received: ScriptedBoltServer.Received) -> ScriptedBoltServer.Reply in
            switch received.tag {
            case 0x10 where received.fields.first == "LATE" && received.connection < 2:
                hasFailed.increment()
                return .failure("Neo.ClientError.Security.AuthorizationExpired")
            case 0x3F where hasFailed.value == 1:
                hasFailed.increment()
                return .responses([.ignored])
            default: return ScriptedBoltServer.agree(received)
            }
        }
        try await ScriptedBoltServer.run(reply: reply) { server in
            try await BoltClient.withClient(try server.options(), logger: TestGraph.quiet) { client in
                try await client.read { transaction in
                    try await transaction.run("RETURN 1")
                    try await client.read { inner in try await inner.run("RETURN 1") }
                }
                #expect(server.connectionCount == 2)
                try await client.read { transaction in try await transaction.run("LATE") }
                #expect(server.connectionCount == 3)
                try await client.read { transaction in try await transaction.run("LATE") }
                #expect(server.connectionCount == 3 && !server.tags.contains(0x0F))
            }
        }
    }

    @Test("with neo4j:// reads go to readers, writes to the writer, by the routing table")
    func routing() async throws {
        try await ScriptedBoltServer.run { reader in
            try await ScriptedBoltServer.run { writer in
                try await ScriptedBoltServer.run(
                    reply: Self.router { _ in (reader: reader.address, writer: writer.address) }
                ) { router in
                    try await BoltClient.withClient(try router.options("neo4j"), logger: TestGraph.quiet) { client in
                        for _ in 0..<2 {
                            try await client.read { transaction in try await transaction.run("RETURN 1") }
                            try await client.write { transaction in try await transaction.run("CREATE ()") }
                        }
                    }
                    #expect(reader.tags.count { $0 == 0x10 } == 2 && writer.tags.count { $0 == 0x10 } == 2)
                    #expect(router.tags.count { $0 == 0x66 } == 1 && !router.tags.contains(0x10))
                    let context: BoltValue = ["address": .string(router.address.description)]
                    #expect(router.received.first?.fields.first?["routing"] == context)
                    #expect(
                        router.received.first { $0.tag == 0x66 }?.fields == [context, [], ["db": "lyceum"]])
                }
            }
        }
    }

    @Test("when the writer leads no more, the table is asked for anew and the transaction runs at the new one")
    func newLeader() async throws {
        let notALeader = { @Sendable (received: ScriptedBoltServer.Received) -> ScriptedBoltServer.Reply in
            switch received.tag {
            case 0x10: .failure("Neo.ClientError.Cluster.NotALeader")
            case 0x3F: .responses([.ignored])
            default: ScriptedBoltServer.agree(received)
            }
        }
        try await ScriptedBoltServer.run(reply: notALeader) { old in
            try await ScriptedBoltServer.run { new in
                try await ScriptedBoltServer.run(
                    reply: Self.router { asked in
                        (reader: new.address, writer: asked == 1 ? old.address : new.address)
                    }
                ) { router in
                    try await BoltClient.withClient(try router.options("neo4j"), logger: TestGraph.quiet) { client in
                        try await client.write { transaction in try await transaction.run("CREATE ()") }
                    }
                    #expect(router.tags.count { $0 == 0x66 } == 2)
                    #expect(new.tags.contains(0x12) && !old.tags.contains(0x12))
                }
            }
        }
    }

    @Test("a server that can't be reached is left out, and asked for again")
    func unreachable() async throws {
        let gone = try await ScriptedBoltServer.run { $0.address }
        try await ScriptedBoltServer.run { alive in
            try await ScriptedBoltServer.run(
                reply: Self.router { asked in (reader: asked == 1 ? gone : alive.address, writer: alive.address) }
            ) { router in
                try await BoltClient.withClient(try router.options("neo4j"), logger: TestGraph.quiet) { client in
                    try await client.read { transaction in try await transaction.run("RETURN 1") }
                }
                #expect(router.tags.count { $0 == 0x66 } == 2 && alive.tags.contains(0x10))
            }
        }
    }

    @Test("+ssc encrypts, +s also wants to know with whom it speaks")
    func tls() async throws {
        let certificate = try await SelfSigned(for: "localhost")
        defer { certificate.delete() }
        try await ScriptedBoltServer.run(tls: certificate.context()) { server in
            let own = NIOSSLTrustRoots.certificates(try certificate.chain())
            for (scheme, host, trust, fault) in [
                ("bolt+ssc", "127.0.0.1", .default, nil), ("bolt+s", "localhost", own, nil),
                ("bolt+s", "127.0.0.1", own, "hostname"), ("bolt+s", "localhost", .default, "certificate"),
            ] as [(String, String, NIOSSLTrustRoots, String?)] {
                var options = try server.options(scheme, host: host)
                options.trustRoots = trust
                options.retry.longest = .zero
                let statements = server.tags.count { $0 == 0x10 }
                let failure = await Self.failure(of: options)
                if let fault {
                    #expect(failure?.lowercased().contains(fault) == true, "\(failure ?? "it succeeds")")
                } else {
                    #expect(failure == nil)
                }
                #expect(server.tags.count { $0 == 0x10 } - statements == (fault == nil ? 1 : 0))
            }
        }
    }

    /// What a read ends with; `nil` when it succeeds.
    private static func failure(of options: BoltOptions) async -> String? {
        do {
            try await BoltClient.withClient(options, logger: TestGraph.quiet) { client in
                try await client.read { transaction in try await transaction.run("RETURN 1") }
            }
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// A router whose table depends on how often it was asked.
    private static func router(
        _ servers: @escaping @Sendable (_ asked: Int) -> (reader: BoltAddress, writer: BoltAddress)
    ) -> @Sendable (ScriptedBoltServer.Received) -> ScriptedBoltServer.Reply {
        let asked = Counter()
        return { received in
            guard received.tag == 0x66 else { return ScriptedBoltServer.agree(received) }
            asked.increment()
            let (reader, writer) = servers(asked.value)
            return .routingTable(of: received, reader: reader, writer: writer)
        }
    }
}

extension BoltValue {
    fileprivate subscript(_ key: String) -> BoltValue? {
        guard case .map(let map) = self else { return nil }
        return map[key]
    }
}

/// Lets tasks go on once all have come.
private actor Rendezvous {
    private var missing: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(of count: Int) {
        missing = count
    }

    func arrive() async {
        missing -= 1
        if missing == 0 {
            waiting.forEach { $0.resume() }
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }
}

/// A certificate that nobody vouches for but itself.
private struct SelfSigned {
    let folder: URL

    init(for host: String) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "bolt-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=\(host)", "-addext", "subjectAltName=DNS:\(host)", "-keyout",
            folder.appending(path: "key.pem").path(), "-out",
            folder.appending(path: "certificate.pem").path(),
        ]
        process.standardError = FileHandle.nullDevice
        let ended = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { ended.continuation.yield($0.terminationStatus) }
        try process.run()
        // Not by holding one of the few threads on which all tests run.
        #expect(await ended.stream.first { _ in true } == 0)
    }

    func chain() throws -> [NIOSSLCertificate] {
        try NIOSSLCertificate.fromPEMFile(folder.appending(path: "certificate.pem").path())
    }

    func context() throws -> NIOSSLContext {
        let key = try NIOSSLPrivateKey(file: folder.appending(path: "key.pem").path(), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: try chain().map { .certificate($0) }, privateKey: .privateKey(key)))
    }

    func delete() {
        try? FileManager.default.removeItem(at: folder)
    }
}
