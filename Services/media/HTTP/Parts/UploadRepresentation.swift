import FoundationEssentials
import WireProtocol

/// An upload in parts on the wire.
struct UploadRepresentation: Encodable {
    struct Part: Encodable {
        let number: Int
        /// Where the part is to be PUT.
        let url: String
        /// Bytes that it must have.
        let size: Int
        /// Whether it has come.
        let received: Bool
    }

    let id: Identifier
    let parts: [Part]
    let expires_at: Date
}
