import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// A service played by a test, on a free port. `/ready` is answered as `isReady` says; the rest is the script's.
final class TestUpstream: Sendable {
    typealias Script = @Sendable (TestMessage, inout TestConnection) async throws -> Void

    private struct State {
        var isReady = true
        var requests: [TestMessage] = []
        var connections = 0
        var open: [ObjectIdentifier: any Channel] = [:]
    }

    let address: SocketAddress
    private let listener: NIOAsyncChannel<TestConnection.Stream, Never>
    private let state = NIOLockedValueBox(State())
    private let script: Script
    private let readsBodies: Bool

    /// - Parameters:
    ///   - readsBodies: whether the script gets whole messages; otherwise heads, with the bodies left to read.
    ///   - script: called for every request, on its connection.
    init(port: Int = 0, readsBodies: Bool = true, _ script: @escaping Script) async throws {
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try TestConnection.Stream(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        guard let address = listener.channel.localAddress else { throw TestConnection.Ended() }
        self.address = address
        self.readsBodies = readsBodies
        self.script = script
    }

    /// Answers every request with 200 and this body.
    static func answering(_ body: String = "hello", fields: String = "") async throws -> TestUpstream {
        try await TestUpstream { request, connection in
            let isHead = request.head.hasPrefix("HEAD ")
            try await connection.send(
                "HTTP/1.1 200 OK\r\ncontent-length: \(body.utf8.count)\r\n\(fields)\r\n\(isHead ? "" : body)")
        }
    }

    var url: String { "http://127.0.0.1:\(address.port ?? 0)" }
    /// Those that the script saw.
    var requests: [TestMessage] { state.withLockedValue { $0.requests } }
    var connections: Int { state.withLockedValue { $0.connections } }

    func setReady(_ isReady: Bool) {
        state.withLockedValue { $0.isReady = isReady }
    }

    /// Ends every connection, as a restart would.
    func cutConnections() async {
        for channel in state.withLockedValue({ Array($0.open.values) }) { channel.close(promise: nil) }
        try? await eventually { self.state.withLockedValue { $0.open.isEmpty } }
    }

    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            try await listener.executeThenClose { streams in
                for try await stream in streams {
                    group.addTask { await self.serve(stream) }
                }
            }
        }
    }

    func stop() async {
        listener.channel.close(promise: nil)
        await cutConnections()
    }

    private func serve(_ stream: TestConnection.Stream) async {
        let id = ObjectIdentifier(stream.channel)
        state.withLockedValue { $0.open[id] = stream.channel }
        // A connection that a test breaks off is the point of many of them.
        try? await stream.executeThenClose { inbound, outbound in
            var connection = TestConnection(inbound, outbound, stream.channel)
            var isFirst = true
            while true {
                let request = try await connection.readMessage(hasBody: self.readsBodies)
                if request.target == "/ready" {
                    let isReady = self.state.withLockedValue { $0.isReady }
                    try await connection.send(
                        "HTTP/1.1 \(isReady ? "200 OK" : "503 Service Unavailable")\r\ncontent-length: 0\r\n\r\n")
                    continue
                }
                self.state.withLockedValue {
                    $0.requests.append(request)
                    if isFirst { $0.connections += 1 }
                }
                isFirst = false
                try await self.script(request, &connection)
            }
        }
        _ = state.withLockedValue { $0.open.removeValue(forKey: id) }
    }
}
