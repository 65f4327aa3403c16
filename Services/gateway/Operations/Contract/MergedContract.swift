import WireProtocol

/// Several OpenAPI documents made one: all paths, all tags, all components. Where two documents mean different things by
/// one component's name, the later one's is renamed after its service.
struct MergedContract {
    private(set) var document: JSONValue

    /// - Parameter base: gives the title, the servers and the security that holds unless an operation says otherwise.
    init(base: JSONValue) {
        document = base
    }

    mutating func add(_ other: JSONValue, of service: String) {
        let renames = renames(for: other, of: service)
        let renamed = Self.renaming(other, renames)
        // An operation without security of its own has its document's.
        let inherited = renamed["security"] ?? .array([])
        for (path, item) in renamed["paths"]?.members ?? [:] {
            var operations = item.members
            for (method, operation) in operations where Self.methods.contains(method) && operation["security"] == nil {
                var members = operation.members
                members["security"] = inherited
                operations[method] = .object(members)
            }
            set(.object(operations), at: "paths", path)
        }
        for (kind, components) in other["components"]?.members ?? [:] {
            for (name, component) in components.members {
                if kind == Self.securitySchemes, document["components"]?[kind]?[name] != nil { continue }
                let newName = renames[Reference(kind: kind, name: name)] ?? name
                set(Self.renaming(component, renames), at: "components", kind, newName)
            }
        }
        let known = Set(document["tags"]?.items.compactMap { $0["name"]?.text } ?? [])
        let new = (other["tags"]?.items ?? []).filter { !known.contains($0["name"]?.text ?? "") }
        set(.array((document["tags"]?.items ?? []) + new), at: "tags")
    }

    /// Gives every operation the base's `x-common-responses`, as far as it has none of its own for the status.
    mutating func spreadCommonResponses() {
        let common = document["x-common-responses"]?.members ?? [:]
        for (path, item) in document["paths"]?.members ?? [:] {
            for (method, operation) in item.members where Self.methods.contains(method) {
                let responses = common.merging(operation["responses"]?.members ?? [:]) { _, own in own }
                set(.object(responses), at: "paths", path, method, "responses")
            }
        }
    }

    static let methods: Set<String> = ["get", "put", "post", "delete", "patch", "head", "options"]

    /// Named by requirements rather than by `$ref`: one name is one scheme in the whole platform.
    private static let securitySchemes = "securitySchemes"

    private struct Reference: Hashable {
        var kind: String
        var name: String

        var text: String { "#/components/\(kind)/\(name)" }
    }

    private func renames(for other: JSONValue, of service: String) -> [Reference: String] {
        var renames: [Reference: String] = [:]
        for (kind, components) in other["components"]?.members ?? [:] where kind != Self.securitySchemes {
            for (name, component) in components.members {
                guard let known = document["components"]?[kind]?[name], known != component else { continue }
                renames[Reference(kind: kind, name: name)] =
                    "\(service.prefix(1).uppercased())\(service.dropFirst())\(name)"
            }
        }
        return renames
    }

    private static func renaming(_ value: JSONValue, _ renames: [Reference: String]) -> JSONValue {
        guard !renames.isEmpty else { return value }
        switch value {
        case .array(let items): return .array(items.map { renaming($0, renames) })
        case .object(let members):
            return .object(
                members.reduce(into: [:]) { result, member in
                    if member.key == "$ref", let text = member.value.text,
                        let (reference, name) = renames.first(where: { $0.key.text == text })
                    {
                        result[member.key] = .string(Reference(kind: reference.kind, name: name).text)
                    } else {
                        result[member.key] = renaming(member.value, renames)
                    }
                })
        default: return value
        }
    }

    private mutating func set(_ value: JSONValue, at path: String...) {
        document = Self.setting(value, at: path[...], in: document)
    }

    private static func setting(_ value: JSONValue, at path: ArraySlice<String>, in whole: JSONValue) -> JSONValue {
        guard let first = path.first else { return value }
        var members = whole.members
        members[first] = setting(value, at: path.dropFirst(), in: members[first] ?? .object([:]))
        return .object(members)
    }
}
