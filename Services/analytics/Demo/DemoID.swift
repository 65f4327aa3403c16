import Crypto
import FoundationEssentials

extension UUID {
    /// The id of a demonstration record, made from what the record says: version 8 of RFC 9562 §5.8, over SHA-256.
    init(demo content: String) {
        var bytes = Array(SHA256.hash(data: Data("lyceum/demo/\(content)".utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        self = bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
