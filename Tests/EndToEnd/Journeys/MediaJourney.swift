import Crypto
import Foundation
import Testing
import WireProtocol

extension EndToEnd {
    /// A file's way in and out, through the gateway.
    @Suite struct MediaJourney {
        let platform: Platform
        let teacher: APIClient
        let student: APIClient

        init() async throws {
            platform = try .current
            teacher = try await platform.visitor.loggedIn(as: DemoData.teacher)
            student = try await platform.visitor.loggedIn(as: DemoData.student)
        }

        @Test("An uploaded picture comes back byte for byte, in parts, or not at all when it is known")
        func upload() async throws {
            let picture = Upload.picture(bytes: 700_000)
            let created = try await Upload(picture, name: "map.png", visibility: "public").send(by: teacher)
            #expect(created.status == 201, "\(created)")
            #expect(created.json["content_type"].string == "image/png")
            #expect(created.json["size"].integer == picture.count)
            let digest = SHA256.hash(data: picture).map { String(format: "%02x", $0) }.joined()
            #expect(created.json["sha256"].string == digest)
            let path = "/media/\(created.json["id"].string ?? "")/content"

            let whole = try await platform.visitor.get(path)
            #expect(whole.status == 200 && whole.body == picture)
            let tag = try #require(whole.headers.first(name: "etag"))
            #expect(try await platform.visitor.get(path, ["if-none-match": tag]).status == 304)
            let part = try await platform.visitor.get(path, ["range": "bytes=699990-"])
            #expect(part.status == 206 && part.body == picture.suffix(10))
            #expect(part.headers.first(name: "content-range") == "bytes 699990-699999/700000")
            #expect(try await platform.visitor.get(path, ["range": "bytes=700000-"]).status == 416)
            let head = try await platform.visitor.call(.HEAD, path)
            #expect(head.status == 200 && head.headers.first(name: "content-length") == "700000" && head.body.isEmpty)

            #expect(try await student.delete("/media/\(created.json["id"].string ?? "")").isProblem(403))
            #expect(try await teacher.delete("/media/\(created.json["id"].string ?? "")").status == 204)
            #expect(try await platform.visitor.get(path).isProblem(404))
        }

        @Test("A large file goes in and out, and neither media nor the gateway holds it", .local)
        func constantMemory() async throws {
            let platform = try LocalPlatform.current
            let large = Upload.picture(bytes: 100) + Data(repeating: 7, count: 150 << 20)
            let services = [Platform.Service.media, .gateway]
            let before = try services.map(platform.highestMemory)
            let created = try await Upload(large, name: "large.png", visibility: "public").send(by: teacher)
            #expect(created.status == 201, "\(created)")
            let path = "/media/\(created.json["id"].string ?? "")/content"
            let answer = try await platform.visitor.get(path)
            #expect(answer.status == 200 && answer.body == large, "\(answer.status), \(answer.body.count) bytes")
            let after = try services.map(platform.highestMemory)
            for (service, growth) in zip(services, zip(before, after).map { $1 - $0 }) {
                #expect(growth < 64 << 20, "\(service) grew by \(growth) bytes")
            }
        }

        @Test("Whoever has the URLs of an upload's parts sends them, and nobody does without")
        func parts() async throws {
            let recording = Upload.picture(bytes: 20 << 20)
            let started = try await teacher.post(
                "/media/uploads",
                ["filename": "map.png", "content_type": "image/png", "size": .integer(Int64(recording.count))])
            #expect(started.status == 201, "\(started)")
            let path = "/media/uploads/\(started.json["id"].string ?? "")"
            let parts = started.json["parts"].items
            #expect(parts.count > 1)
            var rest = recording
            for part in parts {
                let url = try #require(part["url"].string)
                try #require(url.hasPrefix(platform.visitor.base))
                let place = String(url.dropFirst(platform.visitor.base.count))
                let bytes = rest.prefix(part["size"].integer ?? 0)
                rest = rest.dropFirst(bytes.count)
                let unsigned = String(place.prefix { $0 != "?" })
                #expect(try await platform.visitor.call(.PUT, unsigned, [:], .bytes(bytes.prefix(9))).isProblem(403))
                let sent = try await platform.visitor.call(.PUT, place, [:], .bytes(bytes))
                #expect(sent.status == 204, "\(sent)")
            }
            #expect(try await platform.visitor.call(.POST, path + "/complete").isProblem(401))
            let completed = try await teacher.call(.POST, path + "/complete")
            #expect(completed.status == 201, "\(completed)")
            let file = try await teacher.get("/media/\(completed.json["id"].string ?? "")/content")
            #expect(file.status == 200 && file.body == recording)
        }

        @Test("A private file does not exist for others")
        func privacy() async throws {
            let created = try await Upload(Upload.picture(bytes: 500), name: "own.png", visibility: "private")
                .send(by: teacher)
            let path = "/media/\(created.json["id"].string ?? "")"
            #expect(try await teacher.get(path).status == 200)
            #expect(try await student.get(path).isProblem(404))
            #expect(try await platform.visitor.get(path + "/content").status != 200)
        }

        @Test("A page that poses as a picture is known for what it is, and never shown in the browser")
        func page() async throws {
            let page = Data("<!doctype html><script>alert(1)</script>".utf8)
            let posing = try await Upload(page, name: "cat.png", visibility: "public").send(by: teacher)
            #expect(posing.json["content_type"].string == "text/html", "\(posing)")
            let answer = try await platform.visitor.get("/media/\(posing.json["id"].string ?? "")/content")
            #expect(answer.headers.first(name: "content-disposition")?.hasPrefix("attachment") == true)
            #expect(answer.headers.first(name: "x-content-type-options") == "nosniff")
        }

        @Test("A program that poses as a picture is refused, and so is a body that is no form")
        func refusals() async throws {
            let program = try Data(contentsOf: URL(filePath: "/proc/self/exe")).prefix(4_096)
            let posing = try await Upload(program, name: "cat.png", visibility: "public").send(by: teacher)
            #expect(posing.isProblem(415), "\(posing)")
            let json = try await teacher.post("/media", ["file": "x"])
            #expect(json.isProblem(415), "\(json)")
        }
    }
}
