import Foundation
import ServiceKitTesting
import Testing

@testable import Gateway

/// Swagger UI as a browser shows it.
@Suite struct DocumentationPageTests {
    /// Where Swagger UI is; `make test` fetches it.
    private static let swagger = ProcessInfo.processInfo.environment["SWAGGER_UI"]
    private static let hasBrowser = FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium")

    /// What became of a page, and what the browser had to say about it.
    private struct Shown {
        var document: String
        var console: [Substring]
    }

    private func show(_ url: String) async throws -> Shown {
        let folder = URL.temporaryDirectory.appending(path: "browser-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = [folder.appending(path: "document.html"), folder.appending(path: "log")]
        for file in files { try Data().write(to: file) }
        let arguments = [
            // Root, as in a container, is let in without a sandbox only; the page is our own.
            "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--user-data-dir=\(folder.path())",
            // Time for the page's own script, which does not run on while the network is asked.
            "--virtual-time-budget=30000", "--enable-logging=stderr", "--dump-dom", url,
        ]
        let process = Process("/usr/bin/chromium", arguments)
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        #expect(try await process.start().status() == 0)
        let log = try String(contentsOf: files[1], encoding: .utf8)
        return Shown(
            document: try String(contentsOf: files[0], encoding: .utf8),
            console: log.split(separator: "\n").filter { $0.contains(":CONSOLE") })
    }

    @Test(.enabled(if: swagger?.isEmpty == false && hasBrowser, "needs chromium and SWAGGER_UI; make test gets both"))
    func itListsTheOperationsAndBreaksNoRuleOfThePolicy() async throws {
        let contract = """
            openapi: 3.1.0
            info: {title: Content, version: "1"}
            tags: [{name: content}]
            paths:
              /content/{id}:
                get: {tags: [content], summary: Reads a lesson, responses: {"200": {description: All right}}}
            """
        let content = try await TestUpstream.answering(contract)
        try await withGateway(content: content, environment: ["SWAGGER_UI": try #require(Self.swagger)]) { gateway in
            let shown = try await show("http://\(gateway.address.hostAndPort)/docs")
            #expect(shown.document.contains("opblock-summary-get"))
            for text in ["Reads a lesson", "/content/", "/health", "/openapi.json"] {
                #expect(shown.document.contains(text), "\(text)")
            }
            #expect(shown.console.isEmpty)
        }
        // What breaks a policy would have been seen.
        let broken = try await show(
            "data:text/html,<meta http-equiv=content-security-policy content=\"script-src 'none'\"><script>1</script>")
        #expect(broken.console.contains { $0.contains("Content Security Policy") })
    }
}
