import Foundation
import NIOConcurrencyHelpers
import NIOCore
import Testing
import WireProtocol

@testable import Gateway

/// Steady load while everything behind the gateway goes wrong in turn: no request fails that could have been served.
@Suite struct ChaosTests {
    /// How a replica behaves just now.
    private enum Mood { case well, slow, stalled }

    /// One replica of content at a fixed address, which can be stopped and started again.
    private final class Replica: Sendable {
        let address: SocketAddress
        private let mood = NIOLockedValueBox(Mood.well)
        private let running: NIOLockedValueBox<(TestUpstream, Task<Void, any Error>)>

        init() async throws {
            let first = try await Self.upstream(port: 0, mood)
            address = first.address
            running = NIOLockedValueBox((first, Task { try await first.run() }))
        }

        var url: String { "http://127.0.0.1:\(address.port ?? 0)" }

        func be(_ next: Mood) {
            mood.withLockedValue { $0 = next }
            running.withLockedValue { $0.0 }.setReady(next != .stalled)
        }

        func setReady(_ isReady: Bool) {
            running.withLockedValue { $0.0 }.setReady(isReady)
        }

        func kill() async throws {
            let (upstream, task) = running.withLockedValue { $0 }
            await upstream.stop()
            try await task.value
        }

        func start() async throws {
            let next = try await Self.upstream(port: address.port ?? 0, mood)
            running.withLockedValue { $0 = (next, Task { try await next.run() }) }
        }

        private static func upstream(port: Int, _ mood: NIOLockedValueBox<Mood>) async throws -> TestUpstream {
            try await TestUpstream(port: port) { request, connection in
                switch mood.withLockedValue({ $0 }) {
                case .well: break
                case .slow: try await Task.sleep(for: .milliseconds(200))
                case .stalled:
                    while mood.withLockedValue({ $0 == .stalled }) { try await Task.sleep(for: .milliseconds(20)) }
                }
                try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
            }
        }
    }

    /// What the clients have had so far.
    private struct Tally: Sendable {
        var served = 0
        var failures: [String] = []
        var isOver = false
    }

    /// Clients that ask one request after the other, some on kept connections, until the tally is over.
    private static func load(
        _ gateway: TestGateway, _ tally: NIOLockedValueBox<Tally>,
        request: @escaping @Sendable () async throws -> String
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    while !tally.withLockedValue({ $0.isOver }) {
                        let text = try await request()
                        try await TestConnection.open(to: gateway.address) { connection in
                            for _ in 0..<10 where !tally.withLockedValue({ $0.isOver }) {
                                try await connection.send(text)
                                let answer = try await connection.readMessage()
                                tally.withLockedValue {
                                    if answer.status == 200 {
                                        $0.served += 1
                                    } else {
                                        $0.failures.append(answer.startLine)
                                    }
                                }
                                if answer["connection"] == "close" { return }
                            }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Requests that content may have at once; each of the two loops has half of them.
    private static let limit = 16

    /// Another one each time, as far as readers go.
    private static func configuration(round: Int) -> String {
        "services: {content: {concurrent_requests: \(limit), queued_requests: \(limit), idle_connection_seconds: \(30 + round % 7)}}"
    }

    /// However things are, no more is in work than may be.
    private static func watch(_ gateway: TestGateway, _ tally: NIOLockedValueBox<Tally>) async throws {
        while !tally.withLockedValue({ $0.isOver }) {
            let answer = try await gateway.get("/health")
            let health = try WireJSON.decode(PlatformHealth.self, from: Data(answer.body.utf8))
            #expect(health.services["content"]?.instances.reduce(0) { $0 + $1.outstanding } ?? 0 <= limit)
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Waits until so many more requests were served.
    private static func serve(_ count: Int, _ tally: NIOLockedValueBox<Tally>) async throws {
        let goal = tally.withLockedValue { $0.served } + count
        try await eventually { tally.withLockedValue { $0.served } >= goal }
    }

    private func withReplicas(
        _ request: @escaping @Sendable (TestGateway) async throws -> String,
        _ body:
            @escaping @Sendable (TestGateway, [Replica], @escaping @Sendable (Int) async throws -> Void) async throws ->
            Void
    ) async throws -> Tally {
        let replicas = [try await Replica(), try await Replica(), try await Replica()]
        let tally = NIOLockedValueBox(Tally())
        let file = URL.temporaryDirectory.appending(path: "chaos-\(UUID()).yaml")
        try Self.configuration(round: 0).write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        try await withGateway(
            contentURL: replicas.map(\.url).joined(separator: ","), environment: ["GATEWAY_CONFIG": file.path()],
            threads: 2
        ) { gateway in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await Self.load(gateway, tally) { try await request(gateway) } }
                group.addTask { try await Self.watch(gateway, tally) }
                group.addTask {
                    var round = 0
                    while !tally.withLockedValue({ $0.isOver }) {
                        round += 1
                        try Self.configuration(round: round).write(to: file, atomically: true, encoding: .utf8)
                        gateway.reload()
                        try await Task.sleep(for: .milliseconds(50))
                    }
                }
                group.addTask {
                    defer { tally.withLockedValue { $0.isOver = true } }
                    try await body(gateway, replicas) { try await Self.serve($0, tally) }
                }
                try await group.waitForAll()
            }
        }
        for replica in replicas { try await replica.kill() }
        return tally.withLockedValue { $0 }
    }

    private static func isUp(_ replica: Replica, _ expected: Bool, _ gateway: TestGateway) async throws -> Bool {
        let admin = try await gateway.tokens.token(.admin)
        let answer = try await gateway.get("/health", fields: "authorization: Bearer \(admin)\r\n")
        let health = try WireJSON.decode(PlatformHealth.self, from: Data(answer.body.utf8))
        let instance = health.services["content"]?.instances.first { $0.address == replica.address.hostAndPort }
        return instance?.healthy == expected
    }

    @Test func readersNoticeNothingOfReplicasThatDieStallAndSlowDown() async throws {
        let read = "GET /content/1 HTTP/1.1\r\nHost: a\r\n\r\n"
        let tally = try await withReplicas({ _ in read }) { gateway, replicas, serve in
            try await serve(50)
            // Killed without a word, and back at the same address.
            try await replicas[0].kill()
            try await serve(100)
            try await replicas[0].start()
            // Takes requests and answers none.
            replicas[1].be(.stalled)
            try await serve(100)
            replicas[1].be(.well)
            replicas[2].be(.slow)
            try await serve(50)
            replicas[2].be(.well)
            // Auth goes: tokens that are known, and readers without one, go on.
            gateway.auth.setDown(true)
            try await serve(50)
            gateway.auth.setDown(false)
            // Two of three at once.
            try await eventually { try await Self.isUp(replicas[0], true, gateway) }
            try await replicas[1].kill()
            try await replicas[2].kill()
            try await serve(50)
            try await replicas[1].start()
            try await replicas[2].start()
            try await serve(50)
        }
        #expect(tally.failures.isEmpty)
        #expect(tally.served >= 450)
    }

    @Test func replacingEveryReplicaInTurnCostsNoRequestEvenOfThoseThatChangeSomething() async throws {
        let tally = try await withReplicas({ gateway in
            let token = try await gateway.tokens.token(.teacher)
            return
                "POST /content HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\nContent-Length: 4\r\n\r\nbody"
        }) { gateway, replicas, serve in
            for replica in replicas {
                // As a service does on SIGTERM: it says so first, finishes what runs, then goes.
                replica.setReady(false)
                try await eventually { try await Self.isUp(replica, false, gateway) }
                try await serve(30)
                try await replica.kill()
                try await replica.start()
                try await eventually { try await Self.isUp(replica, true, gateway) }
                try await serve(30)
            }
        }
        #expect(tally.failures.isEmpty)
        #expect(tally.served >= 180)
    }
}
