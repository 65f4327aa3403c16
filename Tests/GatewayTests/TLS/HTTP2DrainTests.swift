import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import NIOSSL
import Testing

@testable import Gateway

/// What an HTTP/2 client sees of a gateway that goes down, frame by frame.
@Suite struct HTTP2DrainTests {
    typealias Frames = NIOAsyncChannel<HTTP2Frame, HTTP2Frame>

    private func connect(to address: SocketAddress) async throws -> Frames {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .none
        tls.applicationProtocols = ["h2"]
        let context = try NIOSSLContext(configuration: tls)
        return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(to: address) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandlers([
                    try NIOSSLClientHandler(context: context, serverHostname: nil), NIOHTTP2Handler(mode: .client),
                ])
                return try Frames(wrappingChannelSynchronously: channel)
            }
        }
    }

    private func request(_ stream: HTTP2StreamID, _ path: String) -> HTTP2Frame {
        let headers = HPACKHeaders([(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", path)])
        return HTTP2Frame(streamID: stream, payload: .headers(.init(headers: headers, endStream: true)))
    }

    /// What the client has been told so far.
    private struct Told: Sendable {
        var lastStreams: [HTTP2StreamID] = []
        var statuses: [HTTP2StreamID: String] = [:]
        var ended: Set<HTTP2StreamID> = []
        var isClosed = false

        mutating func note(_ frame: HTTP2Frame) {
            switch frame.payload {
            case .goAway(let last, _, _): lastStreams.append(last)
            case .headers(let headers):
                statuses[frame.streamID] = headers.headers.first(name: ":status")
                if headers.endStream { ended.insert(frame.streamID) }
            case .data(let data): if data.endStream { ended.insert(frame.streamID) }
            default: break
            }
        }
    }

    @Test func streamsThatRunAreServedAndTheClientIsToldWhichIsTheLast() async throws {
        let isOpen = NIOLockedValueBox(false)
        let content = try await TestUpstream { request, connection in
            try await eventually { isOpen.withLockedValue { $0 } }
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone")
        }
        let certificate = try await TestCertificate()
        try await withGateway(content: content, environment: certificate.environment) { gateway in
            let told = NIOLockedValueBox(Told())
            try await connect(to: gateway.address).executeThenClose { inbound, outbound in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for try await frame in inbound { told.withLockedValue { $0.note(frame) } }
                        told.withLockedValue { $0.isClosed = true }
                    }
                    for stream in [1, 3, 5] as [HTTP2StreamID] {
                        try await outbound.write(request(stream, "/content/\(stream)"))
                    }
                    try await eventually { content.requests.count == 3 }
                    await gateway.stop()
                    try await eventually { told.withLockedValue { $0.lastStreams.count == 2 } }
                    #expect(told.withLockedValue { $0.ended.isEmpty && !$0.isClosed })
                    isOpen.withLockedValue { $0 = true }
                    try await eventually { told.withLockedValue { $0.isClosed } }
                    try await group.waitForAll()
                }
            }
            let seen = told.withLockedValue { $0 }
            #expect(seen.lastStreams.prefix(2) == [.maxID, 5])
            #expect(seen.ended == [1, 3, 5])
            #expect(seen.statuses == [1: "200", 3: "200", 5: "200"])
        }
    }

    @Test func aConnectionWithAStreamThatRunsIsNotIdle() async throws {
        let content = try await TestUpstream { request, connection in
            try await Task.sleep(for: .seconds(1))
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone")
        }
        let certificate = try await TestCertificate()
        try await withGateway(
            content: content, environment: certificate.environment,
            limits: { $0.clients.idleTime = .milliseconds(100) }
        ) { gateway in
            let seen = try await connect(to: gateway.address).executeThenClose { inbound, outbound in
                try await outbound.write(request(1, "/content"))
                var told = Told()
                for try await frame in inbound { told.note(frame) }
                return told
            }
            #expect(seen.statuses == [1: "200"])
            #expect(seen.ended == [1])
            // Once it had none, it was let go.
            #expect(seen.lastStreams.last == 1)
        }
    }

    @Test func trailersPassThroughHTTP2Too() async throws {
        let content = try await TestUpstream { request, connection in
            let sum = request.trailers.first ?? "none"
            try await connection.send(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Heard: \(sum)\r\n\r\n")
        }
        let certificate = try await TestCertificate()
        try await withGateway(content: content, environment: certificate.environment) { gateway in
            let token = try await gateway.tokens.token(.teacher)
            let trailers = try await connect(to: gateway.address).executeThenClose { inbound, outbound in
                let head = HPACKHeaders([
                    (":method", "POST"), (":scheme", "https"), (":authority", "a"), (":path", "/content"),
                    ("authorization", "Bearer \(token)"),
                ])
                try await outbound.write(HTTP2Frame(streamID: 1, payload: .headers(.init(headers: head))))
                try await outbound.write(
                    HTTP2Frame(streamID: 1, payload: .data(.init(data: .byteBuffer(ByteBuffer(string: "body"))))))
                try await outbound.write(
                    HTTP2Frame(
                        streamID: 1, payload: .headers(.init(headers: HPACKHeaders([("x-sum", "4")]), endStream: true)))
                )
                for try await frame in inbound {
                    if case .headers(let headers) = frame.payload, headers.endStream { return headers.headers }
                }
                return HPACKHeaders()
            }
            #expect(trailers.first(name: "x-heard") == "x-sum: 4")
            #expect(content.requests.last?.body == "body")
        }
    }
}
