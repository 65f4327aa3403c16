/// The demonstration data's fixed ids, so that each service's `seed` fits the others' without asking them.
/// Refused in production.
public enum DemoData {
    public struct Account: Sendable, Hashable {
        public let id: Identifier
        public let email: String
        public let displayName: String
        public let role: Role
    }

    public struct Knowledge: Sendable, Hashable {
        public let id: Int
        public let title: String
        public let subject: String
        public let defaultLanguage: LanguageTag
        public let chapters: [Chapter]
    }

    public struct Chapter: Sendable, Hashable {
        public let id: String
        public let title: String
    }

    public static let password = "lyceum-demo-1"

    public static let student = Account(
        id: Identifier("00000000-0000-4000-8000-000000000001")!, email: "student@example.org",
        displayName: "Sofia Student", role: .student)
    public static let teacher = Account(
        id: Identifier("00000000-0000-4000-8000-000000000002")!, email: "teacher@example.org",
        displayName: "Tomás Teacher", role: .teacher)
    public static let admin = Account(
        id: Identifier("00000000-0000-4000-8000-000000000003")!, email: "admin@example.org",
        displayName: "Ada Admin", role: .admin)
    public static let accounts = [student, teacher, admin]

    /// What each knowledge item has texts in.
    public static let languages = ["en", "de", "es", "pt-BR"].map { LanguageTag($0)! }

    public static let knowledge = [
        Knowledge(
            id: 1, title: "Fractions from the beginning", subject: "mathematics", defaultLanguage: LanguageTag("en")!,
            chapters: [
                Chapter(id: "what-is-a-fraction", title: "What is a fraction?"),
                Chapter(id: "equal-fractions", title: "Equal fractions"),
                Chapter(id: "adding-fractions", title: "Adding fractions"),
            ]),
        Knowledge(
            id: 2, title: "How plants live", subject: "biology", defaultLanguage: LanguageTag("en")!,
            chapters: [
                Chapter(id: "roots-and-leaves", title: "Roots and leaves"),
                Chapter(id: "photosynthesis", title: "Photosynthesis"),
                Chapter(id: "seeds-and-flowers", title: "Seeds and flowers"),
            ]),
        Knowledge(
            id: 3, title: "Water on Earth", subject: "geography", defaultLanguage: LanguageTag("en")!,
            chapters: [
                Chapter(id: "the-water-cycle", title: "The water cycle"),
                Chapter(id: "rivers-and-seas", title: "Rivers and seas"),
                Chapter(id: "saving-water", title: "Saving water"),
            ]),
    ]
}
