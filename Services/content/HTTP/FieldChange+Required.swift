import ServiceKit

extension FieldChange {
    /// The field's new value, where it can't be without one.
    ///
    /// - Throws: 422 for `null`.
    func required(_ field: String, _ old: Value) throws -> Value {
        switch self {
        case .keep: old
        case .clear: throw HTTPProblem.invalid(field, "must not be null")
        case .set(let value): value
        }
    }
}
