import AsyncHTTPClient
import Foundation
import NIOCore
import ServiceKitTesting

@testable import Gateway

/// The real gateway as a process of its own, with services played by the test behind it.
struct GatewayProcess: Sendable {
    struct Ended: Error, CustomStringConvertible {
        var description: String
    }

    /// `GATEWAY_PROGRAM` names another build of it than the one beside this test.
    static let program =
        ProcessInfo.processInfo.environment["GATEWAY_PROGRAM"].map { URL(filePath: $0) }
        ?? URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "gateway")

    let address: SocketAddress
    let tokens: TestTokens
    let processID: pid_t
    private let operationsURL: String

    /// The status of `/ready`.
    func readiness() async throws -> UInt {
        try await HTTPClient.shared.execute(
            HTTPClientRequest(url: "\(operationsURL)/ready"), timeout: .seconds(30)
        ).status.code
    }

    /// What `/metrics` says, by name with labels.
    func metrics() async throws -> [String: Double] {
        let answer = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: "\(operationsURL)/metrics"), timeout: .seconds(30))
        let lines = String(buffer: try await answer.body.collect(upTo: 1 << 20)).split(separator: "\n")
        return lines.filter { !$0.hasPrefix("#") }.reduce(into: [:]) { metrics, line in
            let parts = line.split(separator: " ")
            metrics[parts.dropLast().joined(separator: " ")] = parts.last.flatMap { Double($0) }
        }
    }

    /// Starts it, waits until it knows auth's keys and its services, and ends it after `body` with SIGTERM, unless that
    /// has been done.
    ///
    /// - Returns: the status with which it has ended.
    @discardableResult
    static func run(
        upstreams: [String: TestUpstream], contentURL: String? = nil, environment: [String: String] = [:],
        _ body: @escaping @Sendable (GatewayProcess) async throws -> Void
    ) async throws -> Int32 {
        let auth = try await TestAuth()
        let other = try await TestUpstream.answering()
        let log = URL.temporaryDirectory.appending(path: "gateway-\(UUID()).log")
        try Data().write(to: log)
        defer { try? FileManager.default.removeItem(at: log) }
        let process = Process(program.path(), ["serve"])
        process.environment = [
            "HOST": "127.0.0.1", "PORT": "0", "METRICS_PORT": "0", "INTERNAL_SECRET": TestTokens.internalSecret,
            "AUTH_URL": auth.upstream.url, "CONTENT_URL": contentURL ?? (upstreams["content"] ?? other).url,
            "MEDIA_URL": (upstreams["media"] ?? other).url, "ANALYTICS_URL": (upstreams["analytics"] ?? other).url,
        ].merging(environment) { $1 }
        // Whoever reads the tests' output waits for its last writer, which this might be when they are killed.
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: log)
        let all = [auth.upstream, other] + upstreams.values
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for upstream in all { group.addTask { try await upstream.run() } }
            let ended = try process.start()
            let processID = process.processIdentifier
            var failure: (any Error)?
            do {
                let gateway = try await found(
                    in: log, tokens: auth.tokens, processID, isSecure: environment["TLS_KEY"] != nil)
                try await body(gateway)
            } catch {
                failure = error
            }
            kill(processID, SIGTERM)
            let status = await ended.status()
            for upstream in all { await upstream.stop() }
            try await group.waitForAll()
            if let failure { throw failure }
            return status
        }
    }

    /// Reads from its log where it listens.
    private static func found(
        in log: URL, tokens: TestTokens, _ processID: pid_t, isSecure: Bool
    ) async throws -> GatewayProcess {
        let ports: @Sendable () throws -> (Int, Int)? = {
            let text = try String(contentsOf: log, encoding: .utf8)
            guard
                let operations = text.firstMatch(of: /Server started and listening on 127\.0\.0\.1:(\d+)/).flatMap({
                    Int($0.1)
                }),
                let own = text.matches(of: /"listening","address":"\[IPv4\]127\.0\.0\.1\/127\.0\.0\.1:(\d+)"/)
                    .compactMap({ Int($0.1) }).first(where: { $0 != operations })
            else { return nil }
            return (own, operations)
        }
        try await eventually { try ports() != nil }
        guard let (port, operationsPort) = try ports() else { throw Ended(description: "it does not listen") }
        let gateway = GatewayProcess(
            address: try SocketAddress(ipAddress: "127.0.0.1", port: port), tokens: tokens, processID: processID,
            operationsURL: "http://127.0.0.1:\(operationsPort)")
        try await waitUntilUp(gateway.address, tokens, isSecure: isSecure)
        try await eventually {
            let metrics = try await gateway.metrics()
            return Backend.allCases.allSatisfy { service in
                metrics.contains { $0.key.hasPrefix("gateway_endpoints{service=\"\(service.name)\"") && $0.value > 0 }
            }
        }
        return gateway
    }
}
