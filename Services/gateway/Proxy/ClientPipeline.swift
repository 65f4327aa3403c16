import NIOCore
import NIOHTTP2
import NIOSSL
import NIOTLS

/// Sets up a client's connection: HTTP/1.1 in plain, or by TLS whatever of HTTP/2 and HTTP/1.1 the client prefers.
struct ClientPipeline: Sendable {
    let loops: ProxyLoops
    /// `nil` without TLS.
    let certificate: ServerCertificate?

    func set(up channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            guard let loop = loops.share(of: channel.eventLoop) else { throw ChannelError.ioOnClosedChannel }
            let pipeline = channel.pipeline.syncOperations
            guard let certificate else { return try pipeline.addHandler(ClientConnection(loop: loop)) }
            try pipeline.addHandlers([
                NIOSSLServerHandler(context: certificate.context),
                HandshakeWatch(loop),
                ApplicationProtocolNegotiationHandler { result, channel in
                    channel.eventLoop.makeCompletedFuture { try secured(channel, result) }
                },
            ])
        }
    }

    private func secured(_ channel: any Channel, _ result: ALPNResult) throws {
        guard let loop = loops.share(of: channel.eventLoop) else { throw ChannelError.ioOnClosedChannel }
        let pipeline = channel.pipeline.syncOperations
        guard case .negotiated("h2") = result else {
            return try pipeline.addHandler(ClientConnection(loop: loop, isSecure: true))
        }
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: 100),
            HTTP2Setting(parameter: .maxHeaderListSize, value: loop.configuration.clients.headBytes),
        ]
        let drain = ConnectionDrain(loop: loop)
        _ = try pipeline.configureHTTP2Pipeline(
            mode: .server, connectionConfiguration: connection, streamConfiguration: .init(),
            streamDelegate: StreamEvents(drain, channel.eventLoop)
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                guard let loop = loops.share(of: stream.eventLoop) else { throw ChannelError.ioOnClosedChannel }
                try stream.pipeline.syncOperations.addHandlers([
                    StreamTranslator(kinds: loop.kinds), ClientConnection(loop: loop, isSecure: true),
                ])
            }
        }
        try pipeline.addHandler(drain)
    }
}
