import Glibc
import NIOCore
import NIOPosix

/// A TCP connection driven by a test byte by byte, from either end.
struct TestConnection {
    typealias Stream = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    struct Ended: Error {}

    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    let channel: any Channel
    private var unread = ByteBuffer()

    init(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        _ channel: any Channel
    ) {
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
        self.channel = channel
    }

    /// Connects, runs `body`, and closes.
    static func open<Result: Sendable>(
        to address: SocketAddress, _ body: @escaping @Sendable (inout TestConnection) async throws -> Result
    ) async throws -> Result {
        let stream = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(to: address) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Stream(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await within(.seconds(240)) {
            try await stream.executeThenClose { inbound, outbound in
                var connection = TestConnection(inbound, outbound, stream.channel)
                return try await body(&connection)
            }
        }
    }

    func send(_ text: String) async throws {
        try await send(ByteBuffer(string: text))
    }

    /// Returns when the kernel has taken all of it.
    func send(_ bytes: ByteBuffer) async throws {
        try await channel.writeAndFlush(bytes).get()
    }

    func finishSending() {
        outbound.finish()
    }

    /// Cuts the connection with a reset.
    func reset() async throws {
        guard let options = channel as? any SocketOptionProvider else { throw Ended() }
        try await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await channel.close()
    }

    /// What has come up to and with `end`.
    mutating func read(upTo end: String) async throws -> String {
        while true {
            let text = String(buffer: unread)
            if let range = text.firstRange(of: end) {
                let found = String(text[..<range.upperBound])
                unread.moveReaderIndex(forwardBy: found.utf8.count)
                return found
            }
            try await readMore()
        }
    }

    mutating func read(count: Int) async throws -> ByteBuffer {
        while unread.readableBytes < count { try await readMore() }
        guard let bytes = unread.readSlice(length: count) else { throw Ended() }
        return bytes
    }

    /// Some bytes as they come, `nil` at the end.
    mutating func readSome() async throws -> ByteBuffer? {
        if unread.readableBytes > 0 { return unread.readSlice(length: unread.readableBytes) }
        return try await inbound.next()
    }

    mutating func readToEnd() async throws -> String {
        while let more = try await inbound.next() { unread.writeImmutableBuffer(more) }
        defer { unread.clear() }
        return String(buffer: unread)
    }

    mutating func readMessage() async throws -> TestMessage {
        try await readMessage(hasBody: true)
    }

    /// One message with its body taken out of its framing.
    mutating func readMessage(hasBody: Bool) async throws -> TestMessage {
        var message = TestMessage(head: try await read(upTo: "\r\n\r\n"))
        guard hasBody else { return message }
        if message["transfer-encoding"] == "chunked" {
            while true {
                let size = Int(try await read(upTo: "\r\n").dropLast(1).prefix { $0 != ";" }, radix: 16) ?? 0
                guard size > 0 else { break }
                message.body += String(buffer: try await read(count: size))
                _ = try await read(count: 2)
            }
            while case let line = try await read(upTo: "\r\n"), line != "\r\n" {
                message.trailers.append(String(line.dropLast()))
            }
        } else if let length = message["content-length"].flatMap({ Int($0) }) {
            message.body = String(buffer: try await read(count: length))
        } else if message.isAnswerUntilClose {
            message.body = try await readToEnd()
        }
        return message
    }

    private mutating func readMore() async throws {
        guard let more = try await inbound.next() else { throw Ended() }
        unread.writeImmutableBuffer(more)
    }
}

/// An HTTP message as text.
struct TestMessage: Sendable {
    var head: String
    var body = ""
    /// Lines of the trailer section.
    var trailers: [String] = []

    var startLine: String { String(head.prefix { $0 != "\r\n" }) }

    var lines: [String] { head.split(separator: "\r\n").dropFirst().map(String.init) }

    /// 0 for what is no answer.
    var status: Int { Int(target) ?? 0 }

    /// The start line's second word.
    var target: String { startLine.split(separator: " ").dropFirst().first.map(String.init) ?? "" }

    /// The values of a field, in any case.
    func all(_ name: String) -> [String] {
        lines.filter { $0.lowercased().hasPrefix(name + ":") }
            .map { $0.dropFirst(name.count + 1).trimmingPrefix { $0 == " " } }.map(String.init)
    }

    subscript(_ name: String) -> String? { all(name).first }

    fileprivate var isAnswerUntilClose: Bool {
        startLine.hasPrefix("HTTP/") && status >= 200 && status != 204 && status != 304
    }
}

struct TookTooLong: Error {}

/// Fails instead of hanging.
func within<Result: Sendable>(
    _ duration: Duration, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: duration)
            return nil
        }
        defer { group.cancelAll() }
        guard let result = try await group.next() ?? nil else { throw TookTooLong() }
        return result
    }
}

/// Waits until a condition holds.
func eventually(
    within duration: Duration = .seconds(30), _ condition: @escaping @Sendable () async throws -> Bool
) async throws {
    try await within(duration) {
        while try await !condition() { try await Task.sleep(for: .milliseconds(10)) }
    }
}
