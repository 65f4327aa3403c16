import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHPACK
import NIOSSL
import Testing

@testable import Gateway

@Suite struct TLSTests {
    /// A client that trusts this certificate and no other.
    private func withClient<Result>(
        trusting certificate: TestCertificate, http1Only: Bool = false, _ body: (HTTPClient) async throws -> Result
    ) async throws -> Result {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(certificate.chain.path()))
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.httpVersion = http1Only ? .http1Only : .automatic
        let client = HTTPClient(configuration: configuration)
        do {
            let result = try await body(client)
            try await client.shutdown()
            return result
        } catch {
            try await client.shutdown()
            throw error
        }
    }

    private func url(_ gateway: TestGateway, _ path: String) -> String {
        "https://\(gateway.address.hostAndPort)\(path)"
    }

    /// A service that gives back what it was sent.
    private func echo() async throws -> TestUpstream {
        try await TestUpstream { request, connection in
            let isHead = request.head.hasPrefix("HEAD ")
            try await connection.send(
                "HTTP/1.1 200 OK\r\nX-Target: \(request.target)\r\ncontent-length: \(request.body.utf8.count)\r\n\r\n"
                    + (isHead ? "" : request.body))
        }
    }

    @Test(arguments: [true, false])
    func bothVersionsOfHTTPAreServedByTLS(_ http1Only: Bool) async throws {
        let certificate = try await TestCertificate()
        let content = try await echo()
        try await withGateway(content: content, environment: certificate.environment) { gateway in
            let token = try await gateway.tokens.token(.teacher)
            try await withClient(trusting: certificate, http1Only: http1Only) { client in
                var request = HTTPClientRequest(url: url(gateway, "/content/1?a=b"))
                request.headers.add(name: "x-forwarded-proto", value: "http")
                request.headers.add(name: "cookie", value: "a=b; c=d")
                let answer = try await client.execute(request, timeout: .seconds(60))
                #expect(answer.version == (http1Only ? .http1_1 : .http2))
                #expect(answer.status == .ok)
                #expect(answer.headers.first(name: "x-target") == "/content/1?a=b")
                #expect(answer.headers.first(name: "strict-transport-security") == "max-age=31536000")
                #expect(answer.headers.first(name: "x-request-id") != nil)
                for length in [HTTPClientRequest.Body.Length.unknown, .known(Int64(200_000))] {
                    var post = HTTPClientRequest(url: url(gateway, "/content"))
                    post.method = .POST
                    post.headers.add(name: "authorization", value: "Bearer \(token)")
                    let chunks = (0..<20).map { ByteBuffer(repeating: UInt8($0 + 0x41), count: 10_000) }
                    post.body = .stream(chunks.async, length: length)
                    let echoed = try await client.execute(post, timeout: .seconds(60))
                    let body = try await echoed.body.collect(upTo: 1 << 20)
                    #expect(body == chunks.reduce(into: ByteBuffer()) { $0.writeImmutableBuffer($1) })
                }
                var head = HTTPClientRequest(url: url(gateway, "/content/2"))
                head.method = .HEAD
                #expect(
                    try await client.execute(head, timeout: .seconds(60)).headers.first(name: "x-target")
                        == "/content/2")
            }
        }
        let requests = content.requests.filter { $0.target.hasPrefix("/content") }
        #expect(requests.allSatisfy { $0.all("x-forwarded-proto") == ["https"] })
        #expect(requests.first?.all("cookie") == ["a=b; c=d"])
    }

    @Test func manyStreamsOfOneConnectionAreServedAtOnceAndRefusalsToo() async throws {
        let certificate = try await TestCertificate()
        let content = try await echo()
        try await withGateway(content: content, environment: certificate.environment) { gateway in
            try await withClient(trusting: certificate) { client in
                try await withThrowingTaskGroup(of: (Int, UInt).self) { group in
                    for number in 0..<60 {
                        let path = number % 2 == 0 ? "/content/\(number)" : "/analytics/me"
                        let request = HTTPClientRequest(url: url(gateway, path))
                        group.addTask {
                            let answer = try await client.execute(request, timeout: .seconds(60))
                            for try await _ in answer.body {}
                            return (number, answer.status.code)
                        }
                    }
                    for try await (number, status) in group { #expect(status == (number % 2 == 0 ? 200 : 401)) }
                }
            }
        }
    }

    @Test func aNewCertificateIsServedWithoutARestartAndABadOneIsNot() async throws {
        let certificate = try await TestCertificate()
        try await withGateway(environment: certificate.environment) { gateway in
            let request = HTTPClientRequest(url: url(gateway, "/content"))
            try "garbage".write(to: certificate.chain, atomically: true, encoding: .utf8)
            try await Task.sleep(for: .milliseconds(300))
            let other = try await TestCertificate()
            let refused = try await withClient(trusting: other) { client in
                do {
                    _ = try await client.execute(request, timeout: .seconds(60))
                    return false
                } catch {
                    return true
                }
            }
            #expect(refused)
            try other.copy(over: certificate)
            try await eventually {
                try await withClient(trusting: other) { client in
                    do {
                        return try await client.execute(request, timeout: .seconds(60)).status == .ok
                    } catch {
                        return false
                    }
                }
            }
        }
    }

    @Test func aConnectionOutlivesTheTimeForItsHandshake() async throws {
        let certificate = try await TestCertificate()
        let content = try await echo()
        try await withGateway(
            content: content, environment: certificate.environment, limits: { $0.clients.headTime = .seconds(1) }
        ) { gateway in
            let token = try await gateway.tokens.token(.teacher)
            try await withClient(trusting: certificate) { client in
                var request = HTTPClientRequest(url: url(gateway, "/content"))
                request.method = .POST
                request.headers.add(name: "authorization", value: "Bearer \(token)")
                // Takes twice as long as a handshake may.
                let pieces = AsyncStream<ByteBuffer> { continuation in
                    let sending = Task {
                        for _ in 0..<4 {
                            try await Task.sleep(for: .milliseconds(500))
                            continuation.yield(ByteBuffer(string: "piece"))
                        }
                        continuation.finish()
                    }
                    continuation.onTermination = { _ in sending.cancel() }
                }
                request.body = .stream(pieces, length: .unknown)
                let answer = try await client.execute(request, timeout: .seconds(60))
                let body = try await answer.body.collect(upTo: 100)
                #expect(String(buffer: body) == "piecepiecepiecepiece")
            }
        }
    }

    @Test func whoSpeaksNoTLSIsCutOff() async throws {
        let certificate = try await TestCertificate()
        try await withGateway(
            environment: certificate.environment, limits: { $0.clients.headTime = .milliseconds(300) }
        ) {
            gateway in
            let plain = try await TestConnection.open(to: gateway.address) { connection in
                try await connection.send("GET /content HTTP/1.1\r\nHost: a\r\n\r\n")
                return try await connection.readToEnd()
            }
            #expect(!plain.contains("HTTP/1.1 200"))
            let silent = try await TestConnection.open(to: gateway.address) { try await $0.readToEnd() }
            #expect(silent.isEmpty)
        }
    }

    @Test(arguments: [
        [(":method", "GET"), (":path", "/a b"), (":authority", "a")], [(":method", "GET"), (":path", "/a")],
        [(":method", "GET"), (":authority", "a")], [(":path", "/a"), (":authority", "a")],
        [(":method", "GET"), (":path", "/a\r\nx: y"), (":authority", "a")],
        [(":method", "GET /b HTTP/1.1\r\n"), (":path", "/a"), (":authority", "a")],
        [(":method", "GET"), (":path", "/a"), (":authority", "a\r\nx: y")],
        [(":method", "GET"), (":path", "/a"), (":authority", "a"), ("host", "b")],
        [(":method", "GET"), (":path", "/a"), (":authority", "a"), ("x", "y\r\nz: 1")],
        [(":method", "GET"), (":path", "/a"), (":authority", "a"), ("x\r\ny", "z")],
        [(":method", "GET"), (":path", "/a"), (":authority", "a"), ("X", "y")],
        [(":method", "GET"), (":path", "/a"), (":authority", "a"), ("x:", "y")],
        [(":method", "GET"), (":path", "/a"), (":authority", "a"), ("", "y")],
        [(":method", "GET"), (":path", "/a"), (":authority", "a"), (":status", "200")],
        [(":method", "GET"), (":path", "/a"), (":authority", "a"), ("transfer-encoding", "chunked")],
        [(":method", "GET"), (":path", "/a"), (":authority", "a"), ("connection", "close")],
        [(":method", "GET"), (":path", "/a"), (":authority", "a"), ("upgrade", "h2c")],
    ])
    func aRequestThatCouldMeanSomethingElseInHTTP1IsRefused(_ fields: [(String, String)]) {
        #expect(RequestText(HPACKHeaders(fields), endsStream: true) == nil)
    }

    @Test func aRequestIsWrittenAsHTTP1WritesIt() throws {
        let fields = [
            (":method", "PUT"), (":scheme", "https"), (":path", "/a?b"), (":authority", "c:1"), ("x", "1"),
            ("cookie", "d=e"),
            ("te", "trailers"), ("cookie", "f=g"),
        ]
        let text = try #require(RequestText(HPACKHeaders(fields), endsStream: false))
        #expect(text.isChunked)
        #expect(
            String(buffer: text.head)
                == "PUT /a?b HTTP/1.1\r\nhost: c:1\r\nx: 1\r\nte: trailers\r\ncookie: d=e; f=g\r\n"
                + "transfer-encoding: chunked\r\n\r\n")
        #expect(RequestText(HPACKHeaders(fields + [("content-length", "3")]), endsStream: false)?.isChunked == false)
        #expect(RequestText(HPACKHeaders(fields), endsStream: true)?.isChunked == false)
    }

    @Test func whoseHandshakeIsUnderWayWhenTheGatewayGoesDownIsServed() async throws {
        let certificate = try await TestCertificate()
        let environment = certificate.environment.merging(["GATEWAY_THREADS": "1"]) { $1 }
        try await GatewayProcess.run(upstreams: [:], environment: environment) { gateway in
            let status = try await TestConnection.open(to: gateway.address) { connection in
                // Accepted, since one that came later has been served.
                try await waitUntilUp(gateway.address, gateway.tokens, isSecure: true)
                kill(gateway.processID, SIGTERM)
                try await eventually {
                    do {
                        try await TestConnection.open(to: gateway.address) { _ in }
                        return false
                    } catch {
                        return true
                    }
                }
                // For longer than all else takes to end the process stays.
                let end = ContinuousClock.now + .seconds(3)
                while ContinuousClock.now < end { #expect(try await gateway.readiness() == 503) }
                var tls = TLSConfiguration.makeClientConfiguration()
                tls.certificateVerification = .none
                let context = try NIOSSLContext(configuration: tls)
                let channel = connection.channel
                try await channel.eventLoop.submit {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: nil), position: .first)
                }.get()
                try await connection.send("GET /knowledge HTTP/1.1\r\nHost: a\r\n\r\n")
                return try await connection.readMessage().status
            }
            #expect(status == 200)
        }
    }
}

extension Array where Element: Sendable {
    fileprivate var async: AsyncStream<Element> {
        AsyncStream { continuation in
            for element in self { continuation.yield(element) }
            continuation.finish()
        }
    }
}
