import WireProtocol

/// What a header field means to a proxy.
enum FieldKind: UInt8, Sendable {
    /// Of no concern to the gateway: passed on as it came.
    case endToEnd
    case host, contentLength, transferEncoding, connection, expect, authorization, requestID, traceParent, date
    case origin, requestedMethod
    case acceptEncoding, contentType, entityTag
    /// Names the fields of a trailer section.
    case trailer
    /// Whether trailers are wanted.
    case transferPreference
    case upgrade
    /// Entity tags that a client has.
    case precondition
    /// Says that a body is not to be changed, or can be asked for in parts.
    case bytesMatter
    /// Tells browsers what to keep from doing: the gateway says it in every answer, in place of the service.
    case guarding
    /// Believed when a trusted proxy sends it, and set anew.
    case forwardedFor, forwardedProto
    case hopByHop
    /// Only the gateway may set it, or nobody: dropped when a client sends it.
    case reserved
}

/// Finds a field's kind by its name, in any case, without making a string of it.
struct FieldKindTable: Sendable {
    private struct Entry: Sendable {
        var name: [UInt8]
        var kind: FieldKind
    }

    /// Indexed by the length of the name.
    private var byLength: [[Entry]]
    private let prefixes = [
        Entry(name: Array("proxy-".utf8), kind: .hopByHop),
        Entry(name: Array("x-forwarded-".utf8), kind: .reserved),
        Entry(name: Array("x-lyceum-".utf8), kind: .reserved),
    ]

    init() {
        var names: [(String, FieldKind)] = [
            ("host", .host), ("content-length", .contentLength), ("transfer-encoding", .transferEncoding),
            ("connection", .connection), ("expect", .expect), ("authorization", .authorization), ("date", .date),
            ("keep-alive", .hopByHop), ("te", .transferPreference), ("trailer", .trailer),
            ("upgrade", .upgrade), ("http2-settings", .hopByHop), (HeaderName.requestID, .requestID),
            ("accept-encoding", .acceptEncoding), ("content-type", .contentType), ("etag", .entityTag),
            ("if-match", .precondition), ("if-none-match", .precondition), ("content-encoding", .bytesMatter),
            ("content-range", .bytesMatter), ("accept-ranges", .bytesMatter),
            ("origin", .origin), ("access-control-request-method", .requestedMethod),
            ("x-content-type-options", .guarding), ("x-frame-options", .guarding), ("referrer-policy", .guarding),
            ("strict-transport-security", .guarding),
            (HeaderName.forwardedFor, .forwardedFor), (HeaderName.forwardedProto, .forwardedProto),
            (HeaderName.traceParent, .traceParent),
        ]
        names += HeaderName.identity.map { ($0, .reserved) }
        let longest = names.map(\.0.utf8.count).max() ?? 0
        byLength = Array(repeating: [], count: longest + 1)
        for (name, kind) in names {
            byLength[name.utf8.count].append(Entry(name: Array(name.utf8), kind: kind))
        }
    }

    func kind(of name: UnsafeRawBufferPointer) -> FieldKind {
        if name.count < byLength.count {
            for entry in byLength[name.count] where name.equalsIgnoringCase(entry.name) {
                return entry.kind
            }
        }
        switch name.first {
        case 0x50, 0x70, 0x58, 0x78:  // P, p, X, x
            for entry in prefixes
            where name.count >= entry.name.count
                && UnsafeRawBufferPointer(rebasing: name[..<entry.name.count]).equalsIgnoringCase(entry.name)
            {
                return entry.kind
            }
        default: break
        }
        return .endToEnd
    }
}

extension UnsafeRawBufferPointer {
    /// - Parameter lowercase: letters, digits and hyphens only, in lower case; `self` holds token characters.
    @inline(__always)
    func equalsIgnoringCase(_ lowercase: [UInt8]) -> Bool {
        guard count == lowercase.count else { return false }
        for index in 0..<count where self[index] | 0x20 != lowercase[index] {
            return false
        }
        return true
    }

    /// The same for a literal.
    @inline(__always)
    func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
        guard count == lowercase.utf8CodeUnitCount else { return false }
        let other = lowercase.utf8Start
        for index in 0..<count where self[index] | 0x20 != other[index] {
            return false
        }
        return true
    }

    @inline(__always)
    func equals(_ literal: StaticString) -> Bool {
        guard count == literal.utf8CodeUnitCount else { return false }
        let other = literal.utf8Start
        for index in 0..<count where self[index] != other[index] {
            return false
        }
        return true
    }

    @inline(__always)
    func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[range])
    }
}
