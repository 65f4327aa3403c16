import Hummingbird
import NIOCore
import ServiceKit

/// A body whose `metadata` is kept as it came.
protocol MetadataBody: Decodable {
    mutating func keep(_ metadata: JSONObjectText)
}

extension Request {
    /// What the body says, with the very text of its `metadata`: for Swift two members' names are the same that differ in
    /// their normal form only, and numbers are no more exact than a double.
    func decodeWithMetadata<Body: MetadataBody>(_ type: Body.Type = Body.self) async throws -> Body {
        var request = self
        let json = try await request.collectBody(upTo: .max)
        var body = try await request.decode(type)
        if let metadata = try Self.metadata(in: json) { body.keep(metadata) }
        return body
    }

    /// - Throws: 422 for what PostgreSQL can't keep.
    private static func metadata(in json: ByteBuffer) throws -> JSONObjectText? {
        var found: Result<String, JSONFault>?
        json.withUnsafeReadableBytes { bytes in
            bytes.withMemoryRebound(to: UInt8.self) { bytes in
                var reader = JSONReader(bytes)
                // What is wrong elsewhere is told by those who read it.
                try? reader.object { reader, name throws(JSONFault) in
                    guard name == "metadata", reader.peek() == UInt8(ascii: "{") else { return try reader.skipValue() }
                    let start = reader.position
                    do throws(JSONFault) {
                        try reader.skipValue()
                        found = .success(String(decoding: bytes[start..<reader.position], as: UTF8.self))
                    } catch {
                        found = .failure(error)
                        throw error
                    }
                }
            }
        }
        switch found {
        case .success(let text):
            if let fault = JSONObjectText.fault(in: text) { throw HTTPProblem.invalid("metadata", fault) }
            return JSONObjectText(text: text)
        case .failure(let fault): throw HTTPProblem.invalid("metadata", fault.message)
        case nil: return nil
        }
    }
}
