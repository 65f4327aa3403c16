import Foundation
import Testing
import WireProtocol

extension EndToEnd {
    /// Nobody reads through the gateway what was there before a change that went through it.
    @Suite struct FreshReads {
        let platform: Platform
        let teacher: APIClient

        init() async throws {
            platform = try .current
            teacher = try await platform.visitor.loggedIn(as: DemoData.teacher)
        }

        /// What a reader has of `path`, as conditions for the next read: by tag, plain and compressed, and by time.
        private func known(_ path: String) async throws -> [[String: String]] {
            let plain = try await platform.visitor.get(path)
            let compressed = try await platform.visitor.get(path, ["accept-encoding": "gzip"])
            var conditions = [
                ["if-none-match": try #require(plain.headers.first(name: "etag"))],
                [
                    "if-none-match": try #require(compressed.headers.first(name: "etag")), "accept-encoding": "gzip",
                ],
            ]
            if let time = plain.headers.first(name: "last-modified") { conditions.append(["if-modified-since": time]) }
            return conditions
        }

        @Test("Whoever has read a text costs nothing again until it changes, and then reads the change at once")
        func conditionalReads() async throws {
            let course = try await Course.create(by: teacher, title: "Fresh", chapters: ["one"])
            // Long enough to be compressed.
            let body = (0..<400).map { String(UInt32($0) &* 2_654_435_761) }.joined(separator: " ")
            let made = try await teacher.post(
                "/content", course.lesson(chapter: "one", language: "en", body: body))
            let id = try #require(made.json["id"].integer)
            let paths = ["/content/\(id)", "/knowledge/\(course.id)/chapters/one/content/lesson"]
            for title in ["First", "Second", "Third"] {
                var conditions: [String: [[String: String]]] = [:]
                for path in paths {
                    conditions[path] = try await known(path)
                    for condition in conditions[path] ?? [] where condition["if-none-match"] != nil {
                        let again = try await platform.visitor.get(path, condition)
                        #expect(again.status == 304, "\(path) \(condition): \(again)")
                        #expect(again.body.isEmpty)
                    }
                }
                let tag = try #require(try await teacher.get(paths[0]).headers.first(name: "etag"))
                let changed = try await teacher.call(
                    .PATCH, paths[0], ["if-match": tag], json: ["title": .string(title)])
                #expect(changed.status == 200, "\(changed)")
                for (path, conditions) in conditions {
                    for condition in conditions {
                        let read = try await platform.visitor.get(path, condition)
                        #expect(read.status == 200, "\(path) \(condition): \(read)")
                    }
                    #expect(try await platform.visitor.get(path).json["title"].string == title)
                }
            }
            var last: [String: [[String: String]]] = [:]
            for path in paths { last[path] = try await known(path) }
            #expect(try await teacher.delete(paths[0]).status == 204)
            for (path, conditions) in last {
                for condition in conditions { #expect(try await platform.visitor.get(path, condition).status == 404) }
            }
        }

        @Test("What is exported through the gateway and loaded in place of what it was made from is the same again")
        func roundTrip() async throws {
            let course = try await Course.create(by: teacher, title: "There and back", chapters: ["one", "two"])
            #expect(try await course.load(course.lessons(in: ["en", "ar", "zh-Hant"]), by: teacher).status == 200)
            let path = "/content/export?knowledge_id=\(course.id)"
            let export = try await teacher.get(path)
            #expect(export.text.split(separator: "\n").count == 6)
            for item in try await teacher.get("/content?knowledge_id=\(course.id)").json["items"].items {
                #expect(try await teacher.delete("/content/\(item["id"].integer ?? 0)").status == 204)
            }
            #expect(try await teacher.get(path).body.isEmpty)
            let loaded = try await teacher.call(
                .POST, "/content/bulk", ["content-type": "application/x-ndjson"], .bytes(.init(bytes: export.body)))
            #expect(loaded.json["inserted"].integer == 6, "\(loaded)")
            #expect(try await teacher.get(path).body == export.body)
        }
    }
}
