import Postgres
import PostgresTesting
import Testing
import WireProtocol

@testable import Content

@Suite(.enabled(if: TestDatabase.isAvailable))
struct SearchTests {
    private static let texts: [(language: String, body: String)] = [
        ("en", "Plants are eating light."), ("de", "Die Häuser stehen am Wasser."),
        ("fr", "Les élèves mangeaient des pommes."),
        ("es", "Los estudiantes corrieron rápidamente."), ("ru", "Растения растут у воды."),
        ("tr", "Kitaplar masada duruyor."),
        ("zh-Hans", "植物的光合作用需要阳光。"), ("ja", "植物は光合成をします。"), ("th", "พืชสังเคราะห์แสง"),
        ("pl", "Rośliny potrzebują światła."),
        ("ar", "النباتات تحتاج إلى الضوء"), ("he", "צמחים צריכים אור"),
    ]

    @Test(arguments: [
        ("en", "plant eats"), ("de", "Haus"), ("fr", "manger pomme"), ("es", "correr"), ("ru", "растение вода"),
        ("tr", "kitap"),
        ("zh-Hans", "光合作用"), ("ja", "光合成"), ("th", "แสง"), ("pl", "światła"), ("ar", "الضوء"), ("he", "אור"),
    ])
    func `Words are found as their language inflects them`(language: String, words: String) async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            for text in Self.texts { try await fixture.content(knowledge, "a", text.language, body: text.body) }
            let encoded = try #require(words.addingPercentEncoding)
            for query in ["q=\(encoded)", "q=\(encoded)&language=\(language)"] {
                let found = try await fixture.anyone.get("/content?\(query)&count=exact")
                #expect(found.items.compactMap { $0["language"].string }.contains(language), "\(query)")
                #expect(found["total"].int == found.items.count)
            }
        }
    }

    @Test func `A dump with texts can be restored, for which no schema is searched`() async throws {
        try await ContentFixture.run { fixture async throws in
            try await fixture.database.withTransaction { transaction in
                let schema: String? = try await transaction.query("SELECT current_schema()::text AS name").only?["name"]
                try await transaction.query("SET LOCAL search_path = ''")
                for config in ["english", "simple"] {
                    // As COPY computes it.
                    try await transaction.query(
                        SQL(unchecked: "SELECT \(schema ?? "").search_vector('\(config)', 'Plants', '植物')"))
                }
            }
        }
    }

    @Test func `A word of one language does not match another language's inflection`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            try await fixture.content(knowledge, "a", "en", body: "eating")
            try await fixture.content(knowledge, "a", "pl", body: "eating")
            #expect(try await fixture.anyone.get("/content?q=eat").items.map { $0["language"].string } == ["en"])
            #expect(try await fixture.anyone.get("/content?q=eat&language=pl").items.isEmpty)
        }
    }

    @Test func `The best match comes first, and pages go on by rank`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            try await fixture.content(knowledge, "a", type: "once", title: "x", body: "water and many other words")
            try await fixture.content(knowledge, "a", type: "title", title: "Water", body: "x")
            try await fixture.content(knowledge, "a", type: "often", title: "x", body: "water water water water")
            try await fixture.content(knowledge, "a", type: "same", title: "x", body: "water and many other words")
            try await fixture.content(knowledge, "a", type: "none", title: "x", body: "fire")
            try await fixture.content(knowledge, "a", type: "draft", title: "Water", body: "x", status: "draft")
            var seen: [String] = []
            var cursor: String?
            for _ in 1...4 {
                let page = try await fixture.anyone.get(
                    "/content?q=water&limit=1" + (cursor.map { "&cursor=\($0)" } ?? ""))
                seen += page.items.compactMap { $0["content_type"].string }
                cursor = page.cursor
            }
            #expect(seen == ["title", "often", "once", "same"])
            #expect(cursor == nil)
        }
    }

    @Test func `What has the word in its title comes first, among however many others, and pages have what is counted`()
        async throws
    {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            try await fixture.database.query(
                """
                INSERT INTO edtech_content (
                       knowledge_id, chapter_id, language, content_type, title, body, format, status, created_by,
                       updated_by)
                SELECT $1, 'a', 'en', 't' || n, 'T', 'Water.', 'plain', 'published', $2, $2
                  FROM generate_series(1, 1500) AS n
                """, [knowledge, fixture.teacherID.rawValue])
            try await fixture.content(knowledge, "a", type: "not", title: "Water", body: "and fire")
            try await fixture.content(knowledge, "a", type: "title", title: "Water", body: "x")
            for query in ["q=water", "q=water&language=en&knowledge_id=\(knowledge)"] {
                let items = try await fixture.anyone.get("/content?\(query)").items
                #expect(items.prefix(2).map { $0["content_type"].string } == ["not", "title"])
            }
            let without = try await fixture.anyone.get("/content?q=water+-fire").items
            #expect(without.first?["content_type"].string == "title")
            #expect(!without.contains { $0["content_type"].string == "not" })

            var (seen, cursor): ([Int?], String?) = ([], nil)
            repeat {
                let page = try await fixture.anyone.get(
                    "/content?q=water&limit=100&count=exact" + (cursor.map { "&cursor=\($0)" } ?? ""))
                #expect(page["total"].int == 1_000)
                seen += page.items.map { $0["id"].int }
                cursor = page.cursor
            } while cursor != nil
            #expect(seen.count == 1_000)
            #expect(Set(seen).count == 1_000)
        }
    }

    @Test func `Filters and the search's operators work together`() async throws {
        try await ContentFixture.run { fixture async throws in
            let (one, two) = (try await fixture.knowledge("a"), try await fixture.knowledge("a"))
            try await fixture.content(one, "a", title: "x", body: "red apple")
            try await fixture.content(two, "a", title: "x", body: "green apple")
            func found(_ query: String) async throws -> [Int] {
                try await fixture.anyone.get("/content?\(query)").items.compactMap { $0["knowledge_id"].int }
            }
            #expect(try await found("q=apple&knowledge_id=\(two)") == [two])
            #expect(try await found("q=apple+-red") == [two])
            #expect(try await found("q=red+or+green").count == 2)
            #expect(try await found("q=%22red+apple%22") == [one])
        }
    }

    @Test(arguments: [
        "%27%3B+DROP+TABLE", "%28%28", "%22", "%26+%7C+%21", "%3A*", "%5C", "the", "-", "%E2%80%8B",
        // With 光, words of languages without spaces.
        "%E5%85%89%27", "%E5%85%89%5C", "%E5%85%89%28", "%22%E5%85%89", "-%E5%85%89", "%E5%85%89+%26%7C%21%3A*",
        "or+%E5%85%89+or+", "-%22%E5%85%89", "%E5%85%89+or+-",
    ])
    func `No words are an error`(words: String) async throws {
        try await ContentFixture.run { fixture async throws in
            try await fixture.content(try await fixture.knowledge("a"), "a")
            #expect(try await fixture.anyone.get("/content?q=\(words)").status == .ok)
            #expect(try await fixture.anyone.get("/content?q=\(words)&language=zh").status == .ok)
        }
    }

    @Test func `Any part of a text without spaces is found, and what is not there is not`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a", "b")
            let body = "植物的光合作用 needs 阳光。" + String(repeating: "あ", count: 50_000)
            try await fixture.content(knowledge, "a", "zh", title: "绿叶", body: body)
            try await fixture.content(knowledge, "b", "ja", title: "e\u{301}tude", body: "ﾊﾝｶｸ 光")
            func found(_ words: String) async throws -> [String] {
                let encoded = try #require(words.addingPercentEncoding)
                return try await fixture.anyone.get("/content?q=\(encoded)").items.compactMap { $0["language"].string }
            }
            for words in ["植", "物的", "合作用", "光合作用 阳光", "用", "绿", "绿叶 NEEDS", "光合 or 未知", "\"光合作用\""] {
                #expect(try await found(words).contains("zh"), "\(words)")
            }
            for words in ["作合", "光合 -植物", "未知", "物光"] {
                #expect(try await !found(words).contains("zh"), "\(words)")
            }
            #expect(try await found("ハンカク") == ["ja"])
            #expect(try await found("\u{E9}tude") == ["ja"])
            #expect(try await Set(found("光")) == ["ja", "zh"])
        }
    }

    @Test func `Words that are spelt wrong find titles where nothing else is found, page by page`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            for type in ["x", "y"] {
                try await fixture.content(knowledge, "a", type: type, title: "Photosynthesis", body: "-")
            }
            try await fixture.content(knowledge, "a", type: "z", title: "Photosynthesis & <light>", body: "<b>-</b>")
            try await fixture.content(knowledge, "a", "de", title: "Photosynthese", body: "-")
            try await fixture.content(knowledge, "a", type: "draft", title: "Photosynthesis", status: "draft")
            let path = "/content?q=fotosinthesis&language=en&knowledge_id=\(knowledge)&count=exact&limit=2"
            let first = try await fixture.anyone.get(path)
            #expect(first["total"].int == 3)
            #expect(first.items.map { $0["match"].string } == ["similar", "similar"])
            let rest = try await fixture.anyone.get(path + "&cursor=\(try #require(first.cursor))")
            let items = first.items + rest.items
            #expect(items.map { $0["content_type"].string } == ["x", "y", "z"])
            #expect(rest.items[0]["highlight"]["title"].string == "Photosynthesis &amp; &lt;light&gt;")
            #expect(rest.cursor == nil)
            let exact = try await fixture.anyone.get("/content?q=photosynthesis&language=en")
            #expect(exact.items.map { $0["match"].string } == ["words", "words", "words"])
        }
    }

    @Test func `What was found is marked, and nothing else in it is an element`() async throws {
        try await ContentFixture.run { fixture async throws in
            let knowledge = try await fixture.knowledge("a")
            let filler = String(repeating: "filler ", count: 100)
            try await fixture.content(
                knowledge, "a", title: "Eating <mark>",
                body: "\(filler)plants eat <script>light</script> & eat \(filler)")
            try await fixture.content(knowledge, "a", "pl", title: "x", body: "\(filler)Rośliny <b>rośliny</b>")
            let english = try await fixture.anyone.get("/content?q=eat").items[0]["highlight"]
            #expect(english["title"].string == "<mark>Eating</mark> &lt;mark&gt;")
            let body = try #require(english["body"].string)
            #expect(body.contains("plants <mark>eat</mark> &lt;script&gt;light"))
            #expect(body.count < 400)
            let polish = try await fixture.anyone.get("/content?q=ro%C5%9Bliny").items[0]["highlight"]
            #expect(polish["body"].string?.contains("<mark>Rośliny</mark> &lt;b&gt;<mark>rośliny</mark>") == true)
        }
    }

    @Test func `A text without end is searched up to a point, and kept whole`() async throws {
        try await ContentFixture.run { fixture async throws in
            let body = (0..<140_000).map { String($0, radix: 36) }.joined(separator: " ")
            let item = try await fixture.content(try await fixture.knowledge("a"), "a", "zh", body: "needle " + body)
            #expect(item["body"].string?.utf8.count == body.utf8.count + 7)
            #expect(try await fixture.anyone.get("/content?q=needle").items.count == 1)
        }
    }
}

extension String {
    /// All of it, so that it fits into a query.
    fileprivate var addingPercentEncoding: String? {
        utf8.map { byte in "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
