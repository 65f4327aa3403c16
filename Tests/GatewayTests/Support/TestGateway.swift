import AsyncHTTPClient
import Foundation
import JWTKit
import Logging
import NIOCore
import NIOSSL
import ServiceKit
import ServiceKitTesting
import ServiceLifecycle
import WireProtocol

@testable import Gateway

/// The real gateway on a free port, with services played by tests behind it.
struct TestGateway: Sendable {
    let address: SocketAddress
    let tokens: TestTokens
    let auth: TestAuth
    /// SIGHUP, as it were.
    let reload: @Sendable () -> Void
    /// SIGTERM, as it were.
    let stop: @Sendable () async -> Void

    /// One exchange on a connection of its own.
    func send(_ text: String) async throws -> TestMessage {
        try await TestConnection.open(to: address) { connection in
            try await connection.send(text)
            return try await connection.readMessage(hasBody: !text.hasPrefix("HEAD "))
        }
    }

    func get(_ path: String, fields: String = "") async throws -> TestMessage {
        try await send("GET \(path) HTTP/1.1\r\nHost: gateway.test\r\n\(fields)\r\n")
    }

}

/// Until a gateway knows auth's keys, and where the services are.
func waitUntilUp(_ address: SocketAddress, _ tokens: TestTokens, isSecure: Bool) async throws {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.certificateVerification = .none
    let client = HTTPClient(configuration: .init(tlsConfiguration: tls))
    var request = HTTPClientRequest(url: "http\(isSecure ? "s" : "")://\(address.hostAndPort)/knowledge")
    // Refused for its signature, once that can be judged.
    let forged = try await tokens.token(.student, signedWith: ES256PrivateKey())
    request.headers.add(name: "authorization", value: "Bearer \(forged)")
    let question = request
    do {
        try await eventually {
            do {
                return try await client.execute(question, timeout: .seconds(60)).status == .unauthorized
            } catch {
                return false
            }
        }
        try await client.shutdown()
    } catch {
        try await client.shutdown()
        throw error
    }
}

/// Runs `body` against a gateway whose content service is `content`.
func withGateway(
    content: TestUpstream? = nil, media: TestUpstream? = nil, analytics: TestUpstream? = nil, contentURL: String? = nil,
    environment: [String: String] = [:], threads: Int = 1,
    limits: @Sendable (inout Configuration) -> Void = { _ in }, patience: Duration = .seconds(240),
    logger: Logger = Logger(label: "gateway", factory: { _ in SwiftLogNoOpLogHandler() }),
    _ body: @escaping @Sendable (TestGateway) async throws -> Void
) async throws {
    await Turnstile.shared.enter()
    defer { Task { await Turnstile.shared.leave() } }
    let auth = try await TestAuth()
    let other = try await TestUpstream.answering()
    var environment = environment
    environment["HOST"] = "127.0.0.1"
    environment["PORT"] = "0"
    environment["METRICS_PORT"] = "0"
    environment["INTERNAL_SECRET"] = TestTokens.internalSecret
    environment["GATEWAY_THREADS"] = "\(threads)"
    environment["AUTH_URL"] = auth.upstream.url
    environment["CONTENT_URL"] = contentURL ?? content?.url ?? other.url
    environment["MEDIA_URL"] = media?.url ?? other.url
    environment["ANALYTICS_URL"] = analytics?.url ?? other.url
    var reader = SettingsReader(environment: environment)
    var settings = Settings(from: &reader)
    limits(&settings.configuration)
    var directoryTiming = EndpointDirectory.Timing()
    directoryTiming.interval = .milliseconds(100)
    directoryTiming.impatientInterval = .milliseconds(50)
    directoryTiming.patience = .seconds(10)
    var tokenTiming = TokenWatcher.Timing()
    tokenTiming.auth = .milliseconds(100)
    tokenTiming.keysAtMost = .milliseconds(50)
    let gateway = try await Gateway(
        settings, directoryTiming: directoryTiming, tokenTiming: tokenTiming, sampleInterval: .milliseconds(100),
        certificateInterval: .milliseconds(100),
        logger: logger)
    let group = ServiceGroup(
        configuration: .init(
            services: [gateway.application], logger: Logger(label: "group", factory: { _ in SwiftLogNoOpLogHandler() }))
    )
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        for upstream in [auth.upstream, other, content, media, analytics].compactMap({ $0 }) {
            tasks.addTask { try await upstream.run() }
        }
        tasks.addTask { try await group.run() }
        guard let address = await gateway.state.address() else { throw TestConnection.Ended() }
        let test = TestGateway(
            address: address, tokens: auth.tokens, auth: auth, reload: { gateway.configuration.reload() },
            stop: { await group.triggerGracefulShutdown() })
        try await waitUntilUp(address, auth.tokens, isSecure: environment["TLS_CERTIFICATE"] != nil)
        // Whatever the test has found, all comes down in order: a connection must not be dropped unserved.
        let result = await Result { try await within(patience) { try await body(test) } }
        await group.triggerGracefulShutdown()
        for upstream in [auth.upstream, other, content, media, analytics] { await upstream?.stop() }
        try await tasks.waitForAll()
        try result.get()
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}

/// Lets few gateways run at once, so that none is slow for the others' sake.
private actor Turnstile {
    static let shared = Turnstile()

    private var free = 3
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
