import AsyncHTTPClient
import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NIOSSL
import ServiceKitTesting
import Testing

@testable import Gateway

/// The public port in a process of its own, and gateways that come and go behind it.
@Suite struct PortHolderTests {
    private static let request = "GET /knowledge HTTP/1.1\r\nHost: a\r\n\r\n"

    /// Runs a gateway that accepts on what is held at `path`, and ends it after `body`.
    private static func gateway(
        at path: String, environment: [String: String] = [:],
        _ body: @escaping @Sendable (GatewayProcess) async throws -> Void
    ) async throws {
        let environment = environment.merging(["PORT_HOLDER": path, "GATEWAY_THREADS": "2"]) { $1 }
        let status = try await GatewayProcess.run(upstreams: [:], environment: environment) { gateway in
            try await eventually { try await gateway.readiness() == 200 }
            try await body(gateway)
        }
        #expect(status == 0)
    }

    @Test func whoConnectsWhileNoGatewayRunsIsServedByTheNext() async throws {
        let holder = try await HolderProcess.start(at: HolderProcess.path())
        let phase = NIOLockedValueBox("")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await TestConnection.open(to: holder.address) { connection in
                    try await connection.send(Self.request)
                    phase.withLockedValue { $0 = "asked" }
                    #expect(try await connection.readMessage().status == 200)
                    phase.withLockedValue { $0 = "served" }
                }
            }
            try await eventually { phase.withLockedValue { $0 } == "asked" }
            try await Self.gateway(at: holder.path) { _ in
                try await eventually { phase.withLockedValue { $0 } == "served" }
            }
            try await group.waitForAll()
        }
        #expect(await holder.end() == 0)
    }

    @Test(arguments: [false, true])
    func gatewaysReplaceOneAnotherUnderLoadWithoutALostRequest(secure: Bool) async throws {
        let holder = try await HolderProcess.start(at: HolderProcess.path())
        let environment = secure ? try await TestCertificate().environment : [:]
        let load = Load(url: "http\(secure ? "s" : "")://127.0.0.1:\(holder.address.port ?? 0)/knowledge")
        try await load.beside {
            try await Self.gateway(at: holder.path, environment: environment) { first in
                try await load.more(200)
                try await Self.gateway(at: holder.path, environment: environment) { second in
                    try await load.more(200)
                    kill(first.processID, SIGTERM)
                    try await eventually { kill(first.processID, 0) != 0 }
                    try await load.more(200)
                    try await Self.gateway(at: holder.path, environment: environment) { _ in
                        kill(second.processID, SIGTERM)
                        try await eventually { kill(second.processID, 0) != 0 }
                        try await load.more(200)
                        try await load.end()
                    }
                }
            }
        }
        #expect(load.failures == [])
        await holder.end()
    }

    @Test func aHolderThatWasKilledIsFoundAgain() async throws {
        let path = try HolderProcess.path()
        let holder = try await HolderProcess.start(at: path)
        try await Self.gateway(at: path) { gateway in
            await holder.end(SIGKILL)
            try await eventually { try await gateway.readiness() == 503 }
            let next = try await HolderProcess.start(at: path)
            try await eventually { try await gateway.readiness() == 200 }
            try await TestConnection.open(to: next.address) { connection in
                try await connection.send(Self.request)
                #expect(try await connection.readMessage().status == 200)
            }
            await next.end()
        }
    }

    @Test func withoutAHolderItIsSaidWhatToDo() async throws {
        let held = HeldPort(path: try HolderProcess.path(), patience: .milliseconds(150))
        let error = await #expect(throws: HeldPort.Unreachable.self) {
            try await held.take(on: MultiThreadedEventLoopGroup.singleton)
        }
        #expect(error?.description.contains("start `gateway hold-port`") == true)
    }

    @Test func clientsThatHangUpDoItNoHarm() async throws {
        let holder = try await HolderProcess.start(at: HolderProcess.path())
        let held = HeldPort(path: holder.path)
        let before = try Holdings(of: holder.processID).descriptors
        for _ in 0..<300 {
            let (socket, connection) = try held.ask()
            #expect(try socket.accept() == nil)
            socket.close()
            close(connection)
        }
        try await eventually { try Holdings(of: holder.processID).descriptors == before }
        #expect(await holder.end() == 0)
    }

    @Test func itsHealthCheckTellsWhetherItAnswers() async throws {
        let path = try HolderProcess.path()
        let check = { try await HolderProcess.process(at: path, ["--check"]).start().status() }
        #expect(try await check() != 0)
        let holder = try await HolderProcess.start(at: path)
        #expect(try await check() == 0)
        await holder.end()
        #expect(try await check() != 0)
    }

    @Test func aSecondHolderAtTheSamePlaceRefusesToStart() async throws {
        let holder = try await HolderProcess.start(at: HolderProcess.path())
        #expect(try await HolderProcess.process(at: holder.path).start().status() != 0)
        let (socket, connection) = try HeldPort(path: holder.path).ask()
        #expect(socket.address == holder.address)
        socket.close()
        close(connection)
        await holder.end()
    }

    @Test func aFileInItsPlaceIsLeftAlone() async throws {
        let path = try HolderProcess.path()
        try "somebody's".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try await HolderProcess.process(at: path).start().status() != 0)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "somebody's")
    }

    @Test func withoutAPathItSaysSo() async throws {
        #expect(try await HolderProcess.process(at: "").start().status() == 78)
    }
}

/// Requests on a connection of their own each, over and over.
private final class Load: Sendable {
    private let url: String
    private let counts = NIOLockedValueBox((requests: 0, failures: [String](), running: 0, isStopped: false))

    init(url: String) {
        self.url = url
    }

    var failures: [String] { counts.withLockedValue { $0.failures } }

    /// Asks from before `body` begins until ``end()`` or the end of `body`.
    func beside(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { try await self.run() } }
            do {
                try await body()
            } catch {
                stop()
                throw error
            }
            stop()
            try await group.waitForAll()
        }
    }

    private func run() async throws {
        counts.withLockedValue { $0.running += 1 }
        defer { counts.withLockedValue { $0.running -= 1 } }
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(60)
        configuration.tlsConfiguration = .makeClientConfiguration()
        configuration.tlsConfiguration?.certificateVerification = .none
        configuration.httpVersion = .http1Only
        let client = HTTPClient(configuration: configuration)
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "connection", value: "close")
        while !counts.withLockedValue({ $0.isStopped }) {
            var failure: String?
            do {
                let answer = try await client.execute(request, timeout: .seconds(30))
                for try await _ in answer.body {}
                if answer.status != .ok { failure = "\(answer.status)" }
            } catch {
                failure = "\(error)"
            }
            counts.withLockedValue { [failure] counts in
                counts.requests += 1
                if let failure { counts.failures.append(failure) }
            }
        }
        try await client.shutdown()
    }

    /// Waits until so many more requests were made.
    func more(_ count: Int) async throws {
        let before = counts.withLockedValue { $0.requests }
        try await eventually { self.counts.withLockedValue { $0.requests } >= before + count }
    }

    /// Waits for the last answers, too: who is left in the queue when no gateway runs waits for the next.
    func end() async throws {
        stop()
        try await eventually { self.counts.withLockedValue { $0.running } == 0 }
    }

    private func stop() {
        counts.withLockedValue { $0.isStopped = true }
    }
}
