import Testing

@testable import Content

struct ContentStatusTests {
    private static let allowed: Set<String> = [
        "draft>generating", "draft>published", "draft>archived", "generating>draft", "generating>published",
        "generating>failed", "published>draft", "published>generating", "published>archived", "failed>draft",
        "failed>generating", "failed>published", "failed>archived", "archived>draft", "archived>published",
    ]

    @Test(arguments: ContentStatus.allCases, ContentStatus.allCases)
    func `Only these transitions are allowed`(from: ContentStatus, to: ContentStatus) {
        let isAllowed = from == to || Self.allowed.contains("\(from)>\(to)")
        #expect(from.canBecome(to) == isAllowed)
        if isAllowed {
            #expect(throws: Never.self) { try from.checkTransition(to: to) }
        } else {
            #expect(throws: ContentError.refusedTransition(from: from, to: to)) { try from.checkTransition(to: to) }
        }
    }
}
