import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// A service played by a test, on a free port. `/ready` is answered as `isReady` says; the rest is the script's.
final class TestUpstream: Sendable {
    typealias Script = @Sendable (TestMessage, inout TestConnection) async throws -> Void

    private struct State {
        var isReady = true
        var readyAfter = Duration.zero
        var requests: [TestMessage] = []
        var connections = 0
        /// Connections that are served, or are about to be.
        var open: [ObjectIdentifier: any Channel] = [:]
        var isStopped = false
    }

    let address: SocketAddress
    private let listener: any Channel
    private let state: NIOLockedValueBox<State>

    /// - Parameters:
    ///   - readsBodies: whether the script gets whole messages; otherwise heads, with the bodies left to read.
    ///   - script: called for every request, on its connection.
    init(port: Int = 0, readsBodies: Bool = true, _ script: @escaping Script) async throws {
        let state = NIOLockedValueBox(State())
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let stream = try TestConnection.Stream(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                    // From now on whoever stops this upstream knows of it, however late its task begins.
                    let isStopped = state.withLockedValue {
                        $0.open[ObjectIdentifier(channel)] = channel
                        return $0.isStopped
                    }
                    Task {
                        await Self.serve(stream, state, readsBodies: readsBodies, script)
                        _ = state.withLockedValue { $0.open.removeValue(forKey: ObjectIdentifier(channel)) }
                    }
                    if isStopped { channel.eventLoop.execute { channel.close(promise: nil) } }
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        guard let address = listener.localAddress else { throw TestConnection.Ended() }
        self.address = address
        self.state = state
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

    func forgetRequests() {
        state.withLockedValue { $0.requests.removeAll() }
    }

    /// - Parameter delay: how long it takes to say so.
    func setReady(_ isReady: Bool, after delay: Duration = .zero) {
        state.withLockedValue {
            $0.isReady = isReady
            $0.readyAfter = delay
        }
    }

    /// Until it is stopped, and all its connections have ended.
    func run() async throws {
        try await withTaskCancellationHandler {
            try await listener.closeFuture.get()
        } onCancel: {
            listener.close(promise: nil)
        }
        try await eventually(within: .seconds(240)) { self.state.withLockedValue { $0.open.isEmpty } }
    }

    /// Ends every connection, and those that are still to come.
    func stop() async {
        let open = state.withLockedValue { state in
            state.isStopped = true
            return state.open
        }
        listener.close(promise: nil)
        for channel in open.values { channel.close(promise: nil) }
        try? await eventually { self.state.withLockedValue { $0.open.isEmpty } }
    }

    private static func serve(
        _ stream: TestConnection.Stream, _ state: NIOLockedValueBox<State>, readsBodies: Bool, _ script: Script
    ) async {
        // A connection that a test breaks off is the point of many of them.
        try? await stream.executeThenClose { inbound, outbound in
            var connection = TestConnection(inbound, outbound, stream.channel)
            var isFirst = true
            while true {
                let request = try await connection.readMessage(hasBody: readsBodies)
                if request.target == "/ready" {
                    let (isReady, delay) = state.withLockedValue { ($0.isReady, $0.readyAfter) }
                    try await Task.sleep(for: delay)
                    try await connection.send(
                        "HTTP/1.1 \(isReady ? "200 OK" : "503 Service Unavailable")\r\ncontent-length: 0\r\n\r\n")
                    continue
                }
                // The gateway asks for contracts of its own accord.
                if request.target != "/openapi.yaml" {
                    state.withLockedValue {
                        $0.requests.append(request)
                        if isFirst { $0.connections += 1 }
                    }
                    isFirst = false
                }
                try await script(request, &connection)
            }
        }
    }
}
