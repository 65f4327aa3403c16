import Testing

@testable import Gateway

@Suite struct PathPatternTests {
    @Test(arguments: [
        "", "/", "content", "/content/", "/a//b", "/*", "/a b", "/a%20", "/a/b*/c", "/a*", "/a/**", "http://a/b",
    ])
    func whatNoPathCanBeIsRefused(_ text: String) {
        #expect(PathPattern(text) == nil)
    }

    @Test func thePathItselfAndWhatIsBelowItAreCovered() throws {
        var table = PathTable<Int>()
        table.append("/auth/login", coversBelow: false, 1)
        table.append("/auth", coversBelow: true, 2)
        table.append("/auth/other", coversBelow: true, 3)
        for (path, expected) in [
            ("/auth/login", 1), ("/auth/login/x", 2), ("/auth", 2), ("/auth/other", 2), ("/authx", nil), ("/aut", nil),
            ("/", nil),
        ] as [(String, Int?)] {
            #expect(path.bytes { table.first(covering: $0) } == expected)
        }
        #expect("/auth/other/x".bytes { table.first(covering: $0) { $0 != 2 } } == 3)
    }

    @Test func aStarWithinThePathIsOneSegment() throws {
        let pattern = try #require(PathPattern("/uploads/*/parts/*"))
        var table = PathTable<Int>()
        table.append(pattern.path, coversBelow: pattern.coversBelow, 1)
        for (path, covered) in [
            ("/uploads/7/parts/1", true), ("/uploads/7/parts", true), ("/uploads/7/parts/1/2", true),
            ("/uploads/7", false), ("/uploads//parts/1", false), ("/uploads/7/8/parts/1", false),
            ("/uploads/7/partsx", false), ("/uploads/7/", false),
        ] {
            #expect((path.bytes { table.first(covering: $0) } == 1) == covered, "\(path)")
        }
    }

    @Test func theLongestPrefixDecides() {
        let table = RouteTable([("/a", .auth), ("/a/b", .content)])
        #expect("/a/b/c".bytes(table.destination) == .service(.content))
        #expect("/a/bc".bytes(table.destination) == .service(.auth))
    }
}
