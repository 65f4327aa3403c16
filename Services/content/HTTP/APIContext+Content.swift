import ServiceKit

extension APIContext {
    /// Whether the caller may know of what is not published.
    var seesDrafts: Bool { caller.map { $0.role >= .teacher } ?? false }

    /// The path parameter `{name}` that is the id of a chapter or a content type.
    ///
    /// - Throws: 404 for what can't be one.
    func segment(_ name: String) throws -> String {
        let value: String = try parameter(name)
        var validation = Validation()
        validation.name(value, name)
        guard validation.errors.isEmpty else { throw HTTPProblem.notFound() }
        return value
    }
}
