import Foundation
import Testing
import WireProtocol

@testable import Gateway

@Suite struct OwnPagesTests {
    private static let contract = """
        openapi: 3.1.0
        info: {title: Content, version: "1"}
        tags: [{name: content}]
        security: [{bearerAuth: []}]
        paths:
          /content:
            get:
              tags: [content]
              summary: Lists <content>
              security: []
              responses:
                200: {description: All right}
                503: {description: Not today}
            post:
              tags: [content]
              summary: Adds some
              responses:
                "201": {$ref: "#/components/responses/Made"}
        components:
          responses:
            Made: {description: It is there}
          schemas:
            HealthStatus: {type: integer}
          securitySchemes:
            bearerAuth: {type: http, scheme: bearer}
        """

    private func content() async throws -> TestUpstream {
        try await TestUpstream { request, connection in
            let body = request.target == "/openapi.yaml" ? Self.contract : "hello"
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
        }
    }

    @Test func healthSumsUpTheServicesAndShowsAddressesToAdminsOnly() async throws {
        let content = try await TestUpstream.answering()
        try await withGateway(content: content) { gateway in
            try await eventually { try await gateway.get("/health").body.contains(#""status":"ok"}"#) }
            let admin = try await gateway.tokens.token(.admin)
            let teacher = try await gateway.tokens.token(.teacher)
            let shown = try await gateway.get("/health", fields: "authorization: Bearer \(admin)\r\n")
            let report = try WireJSON.decode(PlatformHealth.self, from: Data(shown.body.utf8))
            #expect(report.services["content"]?.instances.first?.address == "127.0.0.1:\(content.address.port ?? 0)")
            for fields in ["", "authorization: Bearer \(teacher)\r\n"] {
                #expect(try await !gateway.get("/health", fields: fields).body.contains("127.0.0.1"))
            }
        }
    }

    @Test func withoutAVitalServiceThePlatformIsDownAndWithoutAnotherDegraded() async throws {
        let content = try await TestUpstream.answering()
        let media = try await TestUpstream.answering()
        try await withGateway(content: content, media: media) { gateway in
            media.setReady(false)
            try await eventually {
                let answer = try await gateway.get("/health")
                return answer.status == 200 && answer.body.hasSuffix(#""status":"degraded"}"#)
            }
            content.setReady(false)
            try await eventually {
                let answer = try await gateway.get("/health")
                return answer.status == 503 && answer.body.hasSuffix(#""status":"down"}"#)
            }
        }
    }

    @Test func theContractsOfAllServicesAreMadeOne() async throws {
        try await withGateway(content: try await content()) { gateway in
            let answer = try await gateway.get("/openapi.json")
            #expect(answer["content-type"] == "application/json")
            let contract = try WireJSON.decode(JSONValue.self, from: Data(answer.body.utf8))
            #expect(contract["paths"]?["/health"]?["get"] != nil)
            #expect(contract["paths"]?["/content"]?["get"]?["security"]?.items.isEmpty == true)
            #expect(contract["paths"]?["/content"]?["get"]?["responses"]?["200"]?["description"]?.text == "All right")
            #expect(contract["paths"]?["/content"]?["post"]?["security"]?.items.count == 1)
            #expect(contract["components"]?["responses"]?["Made"] != nil)
            // What the gateway itself may answer, unless the service says more.
            #expect(
                contract["paths"]?["/content"]?["post"]?["responses"]?["431"]?["$ref"]?.text
                    == "#/components/responses/HeadTooLarge")
            #expect(
                contract["paths"]?["/content"]?["get"]?["responses"]?["503"]?["description"]?.text == "Not today")
            #expect(contract["components"]?["securitySchemes"]?.members.count == 1)
            // One name, two meanings: both stay.
            #expect(contract["components"]?["schemas"]?["HealthStatus"]?["type"]?.text == "string")
            #expect(contract["components"]?["schemas"]?["ContentHealthStatus"]?["type"]?.text == "integer")
        }
    }

    @Test func theDocumentationIsAPageThatNeedsNothingFromElsewhere() async throws {
        try await withGateway(content: try await content()) { gateway in
            let answer = try await gateway.get("/docs")
            #expect(answer["content-type"] == "text/html; charset=utf-8")
            #expect(answer["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
            #expect(answer.body.contains("Lists &lt;content&gt;"))
            #expect(!answer.body.contains("<script") && !answer.body.contains("src="))
        }
    }

    @Test func ownPagesCanOnlyBeRead() async throws {
        try await withGateway { gateway in
            let answer = try await gateway.send("DELETE /health HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answer.status == 405)
            #expect(answer["allow"] == "GET, HEAD")
        }
    }

    @Test func swaggerUIIsServedFromItsFolderUnderAPolicyWithoutExceptions() async throws {
        let folder = URL.temporaryDirectory.appending(path: "swagger-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try "body{}".write(to: folder.appending(path: "swagger-ui.css"), atomically: true, encoding: .utf8)
        try "run()".write(to: folder.appending(path: "swagger-ui-bundle.js"), atomically: true, encoding: .utf8)
        try await withGateway(environment: ["SWAGGER_UI": folder.path()]) { gateway in
            let page = try await gateway.get("/docs")
            #expect(page["content-security-policy"]?.contains("script-src 'self'; style-src 'self';") == true)
            #expect(!page.body.contains("onload") && !page.body.contains("style="))
            for (path, type, body) in [
                ("/docs/swagger-ui.css", "text/css; charset=utf-8", "body{}"),
                ("/docs/swagger-ui-bundle.js", "text/javascript; charset=utf-8", "run()"),
            ] {
                #expect(page.body.contains(path))
                let answer = try await gateway.get(path)
                #expect(answer["content-type"] == type)
                #expect(answer.body == body)
            }
            #expect(try await gateway.get("/docs/start.js").body.contains("/openapi.json"))
            #expect(try await gateway.get("/docs/other.js").status == 404)
        }
        try await withGateway { gateway in
            let answer = try await gateway.get("/docs/swagger-ui.css")
            #expect(answer.status == 404)
        }
    }
}
