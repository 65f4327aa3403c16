import Hummingbird
import ServiceKit

extension Request {
    /// For DELETE and POST, where `If-Match` may be left out.
    ///
    /// - Throws: 412 when it names another tag.
    func checkMatch(_ etag: ETag) throws {
        if headers[.ifMatch] != nil { try requireMatch(etag) }
    }
}
