import NIOCore
import NIOPosix
import NIOSSL
import ServiceKit

/// Hands mails to a mail server, each over a connection of its own.
struct SMTPClient: MailTransport {
    private let server: SMTPServer
    private let tls: NIOSSLContext

    /// - Throws: when the file of trusted certificates can't be read.
    init(_ server: SMTPServer) throws {
        self.server = server
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let file = server.authorities { configuration.trustRoots = .file(file) }
        tls = try NIOSSLContext(configuration: configuration)
    }

    func deliver(_ message: MailMessage) async throws {
        let bytes = ByteBuffer(bytes: MailEncoding.encode(message))
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let done = loop.makePromise(of: Void.self)
        let connection = ClientBootstrap(group: loop)
            .connectTimeout(.seconds(15))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if server.security == .implicit { try pipeline.addHandler(try tlsHandler()) }
                    try pipeline.addHandler(
                        SMTPHandler(server, message, bytes, done: done, makeTLSHandler: tlsHandler))
                }
            }
            .connect(host: server.host, port: server.port)
        let channel: any Channel
        do {
            channel = try await connection.get()
        } catch {
            done.fail(error)
            throw error
        }
        try await withTaskCancellationHandler {
            try await done.futureResult.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    /// The server must show a certificate for the name that it was called by.
    @Sendable private func tlsHandler() throws -> NIOSSLClientHandler {
        // By an address, it is checked against the address of the connection; SNI knows names only.
        let name = IPAddress(server.host) == nil ? server.host : nil
        return try NIOSSLClientHandler(context: tls, serverHostname: name)
    }
}
