/// Writes `multipart/form-data`, well-formed unless told otherwise.
struct TestForm {
    static let contentType = "multipart/form-data; boundary=------of the tests"
    private static let delimiter = "--------of the tests"

    private var parts: [UInt8] = []
    var closing = "\(delimiter)--\r\n"

    func file(_ content: [UInt8], name: String = "file", filename: String = "a.txt") -> TestForm {
        part("form-data; name=\"\(name)\"; filename=\"\(filename)\"", content)
    }

    func field(_ name: String, _ value: String) -> TestForm {
        part("form-data; name=\"\(name)\"", Array(value.utf8))
    }

    func part(_ disposition: String, _ content: [UInt8]) -> TestForm {
        var form = self
        form.parts += Array("\(Self.delimiter)\r\nContent-Disposition: \(disposition)\r\n\r\n".utf8) + content
        form.parts += Array("\r\n".utf8)
        return form
    }

    var bytes: [UInt8] { parts + Array(closing.utf8) }
}
