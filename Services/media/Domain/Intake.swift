import Crypto
import NIOCore

/// What is learnt of a file as its bytes pass by on their way into the store: size, checksum, type. Ends the upload as
/// soon as it is known that it can't be taken.
struct Intake {
    /// What is taken at all.
    struct Rules: Sendable {
        /// Bytes.
        var maximumSize: Int
        var allowedTypes: Set<String>
    }

    private let rules: Rules
    private(set) var size = 0
    private var hash = SHA256()
    private var sniffer = ContentSniffer()

    init(_ rules: Rules) {
        self.rules = rules
    }

    mutating func append(_ bytes: ByteBuffer) throws(MediaError) {
        size += bytes.readableBytes
        guard size <= rules.maximumSize else { throw .tooLarge(limit: rules.maximumSize) }
        bytes.withUnsafeReadableBytes { bytes in
            hash.update(bufferPointer: bytes)
            sniffer.append(bytes)
        }
        if let type = sniffer.contentType { try check(type) }
    }

    mutating func finish(at key: ObjectKey) throws(MediaError) -> StoredFile {
        let type = sniffer.finish()
        try check(type)
        return StoredFile(key: key, contentType: type, size: size, sha256: Array(hash.finalize()))
    }

    private func check(_ type: String) throws(MediaError) {
        guard rules.allowedTypes.contains(type) else { throw .typeNotAllowed(type) }
    }
}
