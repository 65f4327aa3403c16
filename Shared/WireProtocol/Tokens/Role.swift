/// What an account may do; each role may do all that the ones before it may.
public enum Role: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    case student, teacher, admin

    public static func < (one: Role, other: Role) -> Bool {
        one.rank < other.rank
    }

    private var rank: Int {
        switch self {
        case .student: 0
        case .teacher: 1
        case .admin: 2
        }
    }
}
