import AsyncHTTPClient
import Foundation
import ServiceKitTesting
import Testing
import WireProtocol

extension EndToEnd {
    /// What the public port shows, and what it doesn't.
    @Suite struct FrontDoor {
        let platform: Platform

        init() throws {
            platform = try .current
        }

        @Test("Health sums up all services, with addresses for admins only")
        func health() async throws {
            let answer = try await platform.visitor.get("/health")
            #expect(answer.status == 200 && answer.json["status"].string == "ok", "\(answer)")
            for service in Platform.Service.withData {
                let state = answer.json["services"][service.rawValue]
                #expect(state["status"].string == "ok")
                #expect(state["instances"][0]["address"].string == nil)
            }
            let admin = try await platform.visitor.loggedIn(as: DemoData.admin)
            let instance = try await admin.get("/health").json["services"]["content"]["instances"][0]
            #expect(instance["address"].string?.contains(":") == true)
        }

        @Test(
            "What is inside stays inside",
            arguments: [
                "/internal/events", "/internal/revocations", "/metrics", "/ready", "/%69nternal/events",
                "/content/../internal/events", "//internal/events", "/no/such/place",
            ])
        func hidden(path: String) async throws {
            let token = try await platform.visitor.loggedIn(as: DemoData.admin).token
            for client in [platform.visitor, platform.visitor.with(token: token)] {
                let answer = try await client.get(path)
                #expect([400, 404].contains(answer.status) && answer.isProblem(answer.status), "\(answer)")
            }
        }

        @Test(
            "Every service is alive and ready, tells Prometheus what it reaches, and counts its requests", .local,
            arguments: Platform.Service.withData)
        func operations(service: Platform.Service) async throws {
            let inside = APIClient(base: try LocalPlatform.current.url(of: service))
            #expect(try await inside.get("/health").json["service"].string == service.rawValue)
            let ready = try await inside.get("/ready")
            #expect(ready.status == 200 && ready.json["status"].string == "ok", "\(ready)")
            let metrics = try await inside.get("/metrics")
            #expect(metrics.status == 200 && metrics.text.contains("http_requests_total"))
            #expect(metrics.text.contains(#"dependency_up{dependency="postgres"} 1"#))
        }

        @Test("One request id runs from the client through the answer and the logs of gateway and service", .local)
        func requestID() async throws {
            let platform = try LocalPlatform.current
            let id = "end-to-end-\(UUID().uuidString)"
            let answer = try await platform.visitor.get("/content/999999999", [HeaderName.requestID: id])
            #expect(answer.isProblem(404), "\(answer)")
            #expect(answer.headers.first(name: HeaderName.requestID) == id)
            for service in [Platform.Service.gateway, .content] {
                try await eventually("\(service.rawValue) has logged the request") {
                    try platform.log(of: service).contains(id)
                }
            }
        }

        @Test("The merged contract has every path of every service", arguments: Platform.Service.withData)
        func contract(service: Platform.Service) async throws {
            let own = try Workspace.text(of: "Services/\(service.rawValue)/openapi.yaml")
            let merged = try await platform.visitor.get("/openapi.json").json["paths"]
            for path in own.matches(of: /(?m)^  (\/[^:\s]*):/).map({ String($0.1) }) {
                #expect(merged[path] != .null, "\(path)")
            }
        }

        @Test("Input that can't be right is told so, and nothing breaks")
        func badInput() async throws {
            let teacher = try await platform.visitor.loggedIn(as: DemoData.teacher)
            let json = ["content-type": "application/json"]
            func post(_ text: String) async throws -> Answer {
                try await teacher.call(.POST, "/knowledge", json, .bytes(.init(string: text)))
            }
            #expect(try await post("{\"title\": ").isProblem(400))
            #expect(try await post("[1, 2]").isProblem(422))
            #expect(try await post("{\"title\": 5}").isProblem(422))
            #expect(try await post(String(repeating: "[", count: 100_000)).isProblem(400))
            #expect(try await teacher.get("/knowledge/first").isProblem(404))
            #expect(try await teacher.get("/knowledge?cursor=bm9uc2Vuc2U").isProblem(422))
            #expect(try await teacher.get("/knowledge?limit=1000").isProblem(422))
            #expect(try await teacher.call(.POST, "/knowledge", [:], .bytes(.init(string: "{}"))).isProblem(415))
            let wrongMethod = try await teacher.call(.DELETE, "/knowledge")
            #expect(wrongMethod.isProblem(405) && wrongMethod.headers.first(name: "allow") != nil, "\(wrongMethod)")
            let heads = try await teacher.get("/knowledge", ["x-large": String(repeating: "x", count: 100_000)])
            #expect((400..<500).contains(heads.status), "\(heads)")
        }

        @Test("A body that is too large is answered, not just cut off")
        func oversized() async throws {
            let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
            defer { _ = try? FileManager.default.removeItem(at: file) }
            try Data(count: 20 << 20).write(to: file)
            let token = try await platform.visitor.loggedIn(as: DemoData.teacher).token ?? ""
            // curl reads an answer that comes while it still sends, as browsers do.
            let status = try await Command(
                "curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-H", "Expect:", "-H",
                "Authorization: Bearer \(token)", "-H", "Content-Type: application/json", "--data-binary",
                "@\(file.path)",
                platform.visitor.base + "/knowledge"
            ).output()
            #expect(status == "413")
        }

        @Test("SQL in any string stays a string", arguments: ["'; DROP TABLE knowledge; --", "\" OR 1=1", "$1", "%00"])
        func injection(text: String) async throws {
            let teacher = try await platform.visitor.loggedIn(as: DemoData.teacher)
            let created = try await teacher.post("/knowledge", ["title": .string(text), "subject": .string(text)])
            #expect(created.status == 201, "\(created)")
            #expect(created.json["title"].string == text)
            let escaped = try #require(text.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            #expect(try await teacher.get("/content?q=\(escaped)").status == 200)
            let login = try await platform.visitor.post(
                "/auth/login", ["email": .string(text), "password": .string(text)])
            #expect([401, 422].contains(login.status), "\(login)")
        }
    }
}
