import Crypto
import Foundation
import NIOCore
import Testing

@testable import Content

/// What Neo4j's own Python driver sends; see `Tests/BoltGolden/record.py`.
struct BoltGolden<Messages: Decodable>: Decodable {
    let driver: String
    let messages: Messages

    static func load(_ name: String) throws -> Messages {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.deletingLastPathComponent().appending(path: "BoltGolden/\(name)")
        return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file)).messages
    }
}

extension ByteBuffer {
    var hex: String { readableBytesView.map { String(format: "%02x", $0) }.joined() }

    /// As `record.py` notes long messages down.
    var short: String {
        guard readableBytes > 600 else { return hex }
        return "sha256:" + SHA256.hash(data: Data(readableBytesView)).map { String(format: "%02x", $0) }.joined()
    }

    /// - Parameter hex: an even number of hexadecimal digits.
    init(hex: String) {
        let digits = Array(hex.utf8)
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
        self.init(bytes: bytes)
    }
}
