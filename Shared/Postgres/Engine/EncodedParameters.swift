/// The parameters of one execution as libpq wants them: text ends with NUL, `bytea` has a length.
struct EncodedParameters: Sendable {
    struct Field {
        /// Into `bytes`; −1 for NULL.
        let offset: Int
        let length: Int32
        let isBinary: Bool
    }

    static let limit = 65_535

    private(set) var bytes: [UInt8] = []
    private(set) var fields: [Field] = []

    /// - Throws: `PostgresError.invalidParameter`.
    init(_ parameters: [any PostgresEncodable]) throws {
        guard parameters.count <= Self.limit else {
            throw PostgresError.invalidParameter("\(parameters.count) parameters, of at most \(Self.limit)")
        }
        fields.reserveCapacity(parameters.count)
        for parameter in parameters {
            switch parameter.postgresParameter {
            case .null:
                fields.append(Field(offset: -1, length: 0, isBinary: false))
            case .text(let text):
                fields.append(Field(offset: bytes.count, length: 0, isBinary: false))
                let start = bytes.count
                bytes += text.utf8
                if bytes[start...].contains(0) {
                    throw PostgresError.invalidParameter("$\(fields.count) contains U+0000")
                }
                bytes.append(0)
            case .binary(let value):
                fields.append(Field(offset: bytes.count, length: Int32(clamping: value.count), isBinary: true))
                bytes += value
            }
        }
    }
}
