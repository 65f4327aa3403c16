import NIOCore
import NIOSSL
import NIOTLS

/// Carries a dialogue out on a connection: bytes in, replies to the dialogue, its actions out.
///
/// All on the event loop and one step after the other, so that what arrives in clear can never be taken for something
/// that arrived encrypted (the STARTTLS injection of CVE-2011-0411).
final class SMTPHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let server: SMTPServer
    private let message: MailMessage
    private let bytes: ByteBuffer
    private let done: EventLoopPromise<Void>
    private let makeTLSHandler: () throws -> NIOSSLClientHandler
    private var dialogue: SMTPDialogue?
    private var parser = SMTPReplyParser()
    private var isFinished = false

    init(
        _ server: SMTPServer, _ message: MailMessage, _ bytes: ByteBuffer, done: EventLoopPromise<Void>,
        makeTLSHandler: @escaping () throws -> NIOSSLClientHandler
    ) {
        self.server = server
        self.message = message
        self.bytes = bytes
        self.done = done
        self.makeTLSHandler = makeTLSHandler
    }

    func channelActive(context: ChannelHandlerContext) {
        dialogue = SMTPDialogue(
            server, from: message.sender.address, to: message.recipient, name: Self.name(of: context.localAddress))
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        parser.append(unwrapInboundIn(data))
        do {
            while !isFinished, let reply = try parser.next() {
                guard let action = try dialogue?.receive(reply) else { return }
                try perform(action, context)
            }
        } catch {
            finish(.failure(error), context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event, server.security != .implicit, let action = dialogue?.secured()
        {
            do { try perform(action, context) } catch { finish(.failure(error), context) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.failure(error), context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.failure(MailFault.broken("the connection ended")), context)
        context.fireChannelInactive()
    }

    private func perform(_ action: SMTPDialogue.Action, _ context: ChannelHandlerContext) throws {
        switch action {
        case .send(let line):
            write(ByteBuffer(string: line + "\r\n"), context)
        case .sendMessage:
            write(SMTPData.encode(bytes), context)
        case .startTLS:
            guard parser.isEmpty else { throw MailFault.broken("the server spoke before TLS began") }
            try context.pipeline.syncOperations.addHandler(try makeTLSHandler(), position: .first)
        case .finish:
            // The mail is the server's now; whether it still says goodbye makes no difference.
            write(ByteBuffer(string: "QUIT\r\n"), context)
            finish(.success(()), context)
        }
    }

    private func write(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }

    private func finish(_ result: Result<Void, any Error>, _ context: ChannelHandlerContext) {
        guard !isFinished else { return }
        isFinished = true
        done.completeWith(result)
        context.close(promise: nil)
    }

    /// An address literal (RFC 5321 §4.1.3).
    private static func name(of address: SocketAddress?) -> String {
        guard let text = address?.ipAddress else { return "[127.0.0.1]" }
        return text.contains(":") ? "[IPv6:\(text)]" : "[\(text)]"
    }
}
