import FoundationEssentials
import NIOCore

/// Swagger UI, served by the gateway itself from a folder that `deploy/gateway/swagger-ui.sh` fills.
struct SwaggerUI: Sendable {
    private let style: ByteBuffer
    private let script: ByteBuffer

    /// - Parameter folder: holds `swagger-ui.css` and `swagger-ui-bundle.js`.
    /// - Throws: what keeps them from being read.
    init(folder: String) throws {
        func read(_ name: String) throws -> ByteBuffer {
            ByteBuffer(bytes: try Data(contentsOf: URL(filePath: folder).appending(path: name)))
        }
        style = try read("swagger-ui.css")
        script = try read("swagger-ui-bundle.js")
    }

    /// Nothing but what the gateway itself serves; the pictures that the style sheet brings along are in it.
    static let contentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    var page: OwnAnswer {
        answer(
            "text/html; charset=utf-8",
            ByteBuffer(
                string: """
                    <!doctype html>
                    <html lang="en"><head><meta charset="utf-8"><title>Lyceum: the API</title>
                    <meta name="viewport" content="width=device-width, initial-scale=1">
                    <link rel="stylesheet" href="/docs/swagger-ui.css"></head>
                    <body><noscript>For programs: <a href="/openapi.json">openapi.json</a>.</noscript>
                    <div id="api"></div>
                    <script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>

                    """))
    }

    func asset(_ asset: DocumentationAsset) -> OwnAnswer {
        switch asset {
        case .style: answer("text/css; charset=utf-8", style)
        case .script: answer("text/javascript; charset=utf-8", script)
        case .start: answer("text/javascript; charset=utf-8", ByteBuffer(string: Self.start))
        }
    }

    private static let start = """
        SwaggerUIBundle({
          url: "/openapi.json", dom_id: "#api", deepLinking: true, docExpansion: "list", validatorUrl: null,
          displayRequestDuration: true, tryItOutEnabled: true
        });

        """

    private func answer(_ type: String, _ body: ByteBuffer) -> OwnAnswer {
        OwnAnswer(
            status: 200,
            fields: "content-type: \(type)\r\ncontent-security-policy: \(Self.contentSecurityPolicy)\r\n"
                + "cache-control: no-cache\r\n",
            body: body)
    }
}

/// What the page of Swagger UI is made of.
enum DocumentationAsset: Sendable, Equatable {
    case style, script, start
}
