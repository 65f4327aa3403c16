import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NIOSSL

@testable import Content

/// A server that says what a test tells it to, and takes down what it is asked.
final class ScriptedBoltServer: Sendable {
    /// What came over one of its connections, counted from 0 in the order in which they were made.
    struct Received: Sendable, Equatable {
        var connection: Int
        var message: ByteBuffer

        var tag: UInt8 { message.getInteger(at: message.readerIndex + 1) ?? 0 }
        var fields: [BoltValue] {
            var decoder = PackStreamDecoder(message)
            return (try? decoder.message().fields) ?? []
        }
    }

    /// What it does about a message.
    enum Reply: Sendable {
        case responses([BoltResponse])
        case bytes([UInt8])
        case silence
        case hangUp

        static let success = Reply.responses([.success([:])])
        static func failure(_ code: String) -> Reply {
            .responses([.failure(BoltServerError(code: code, message: "scripted"))])
        }

        /// To a ROUTE: by default, the server that was asked does everything.
        static func routingTable(of asked: Received, reader: BoltAddress? = nil, writer: BoltAddress? = nil) -> Reply {
            guard case .map(let context)? = asked.fields.first, let itself = context["address"] else { return .hangUp }
            func server(_ role: BoltValue, _ address: BoltAddress?) -> BoltValue {
                ["role": role, "addresses": [address.map { .string($0.description) } ?? itself]]
            }
            return .responses([
                .success([
                    "rt": [
                        "ttl": 300, "db": "lyceum",
                        "servers": [server("ROUTE", nil), server("READ", reader), server("WRITE", writer)],
                    ]
                ])
            ])
        }
    }

    let port: Int
    private let channel: any Channel
    private let log = NIOLockedValueBox<[Received]>([])
    private let connections = NIOLockedValueBox(0)

    var received: [Received] { log.withLockedValue { $0 } }
    var tags: [UInt8] { received.map(\.tag) }
    var connectionCount: Int { connections.withLockedValue { $0 } }
    var address: BoltAddress { BoltAddress(host: "127.0.0.1", port: port) }

    /// Runs `body` with a server that answers the handshake with `handshake`, and each message with what `reply` says.
    @discardableResult
    static func run<Value: Sendable>(
        handshake: [UInt8] = [0, 0, 4, 5], tls: NIOSSLContext? = nil,
        reply: @escaping @Sendable (Received) -> Reply = ScriptedBoltServer.agree,
        _ body: @Sendable (ScriptedBoltServer) async throws -> Value
    ) async throws -> Value {
        let server = try await ScriptedBoltServer(handshake: handshake, tls: tls, reply: reply)
        do {
            let value = try await body(server)
            try await server.channel.close()
            return value
        } catch {
            try await server.channel.close()
            throw error
        }
    }

    /// Agrees to everything; each statement has one column and no records.
    @Sendable static func agree(_ received: Received) -> Reply {
        received.tag == 0x10 ? .responses([.success(["fields": ["x"]])]) : .success
    }

    private init(
        handshake: [UInt8], tls: NIOSSLContext?, reply: @escaping @Sendable (Received) -> Reply
    ) async throws {
        let (log, connections) = (log, connections)
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    let number = connections.withLockedValue {
                        $0 += 1
                        return $0 - 1
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        ScriptedHandler(number: number, handshake: handshake, log: log, reply: reply))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    /// - Parameter scheme: as in a URL.
    func options(
        _ scheme: String = "bolt", user: String = "neo4j:secret@", host: String = "127.0.0.1",
        database: String = "lyceum", query: String = ""
    ) throws -> BoltOptions {
        var options = BoltOptions(url: try BoltURL("\(scheme)://\(user)\(host):\(port)/\(database)\(query)"))
        options.retry.firstDelay = .milliseconds(1)
        options.acquisitionTimeout = .seconds(30)
        return options
    }
}

private final class ScriptedHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let number: Int
    private let handshake: [UInt8]
    private let log: NIOLockedValueBox<[ScriptedBoltServer.Received]>
    private let reply: @Sendable (ScriptedBoltServer.Received) -> ScriptedBoltServer.Reply
    private var opening = ByteBuffer()
    private var isOpen = false
    private var dechunker = BoltDechunker()

    init(
        number: Int, handshake: [UInt8], log: NIOLockedValueBox<[ScriptedBoltServer.Received]>,
        reply: @escaping @Sendable (ScriptedBoltServer.Received) -> ScriptedBoltServer.Reply
    ) {
        self.number = number
        self.handshake = handshake
        self.log = log
        self.reply = reply
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if !isOpen {
            opening.writeBuffer(&bytes)
            guard opening.readableBytes >= 20 else { return }
            opening.moveReaderIndex(forwardBy: 20)
            isOpen = true
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: handshake)), promise: nil)
            bytes = opening
        }
        dechunker.append(&bytes)
        while let message = try? dechunker.next() { answer(message, context) }
    }

    private func answer(_ message: ByteBuffer, _ context: ChannelHandlerContext) {
        let received = ScriptedBoltServer.Received(connection: number, message: message)
        log.withLockedValue { $0.append(received) }
        switch reply(received) {
        case .responses(let responses):
            var bytes = ByteBuffer()
            for response in responses { bytes.writeChunks(response.encoded) }
            context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        case .bytes(let bytes): context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        case .silence: break
        case .hangUp: context.close(promise: nil)
        }
    }
}

extension BoltResponse {
    /// As a server sends it.
    var encoded: ByteBuffer {
        var encoder = PackStreamEncoder()
        let (tag, fields): (UInt8, [BoltValue]) =
            switch self {
            case .success(let metadata): (0x70, [.map(metadata)])
            case .record(let values): (0x71, [.list(values)])
            case .ignored: (0x7E, [])
            case .failure(let error):
                (0x7F, [.map(["code": .string(error.code), "message": .string(error.message)])])
            }
        try? encoder.encode(tag: tag, fields)
        return encoder.buffer
    }
}

extension BoltValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    public init(arrayLiteral elements: BoltValue...) { self = .list(elements) }
    public init(dictionaryLiteral elements: (String, BoltValue)...) {
        self = .map(BoltMap(uniqueKeysWithValues: elements))
    }
}
