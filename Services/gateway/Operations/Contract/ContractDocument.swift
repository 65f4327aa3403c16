import WireProtocol

/// An OpenAPI document as one page of HTML that needs no script and nothing from elsewhere.
struct ContractDocument {
    private let contract: JSONValue

    init(_ contract: JSONValue) {
        self.contract = contract
    }

    /// The page may style itself and do nothing else.
    static let contentSecurityPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    var html: String {
        let title = escaped(contract["info"]?["title"]?.text ?? "")
        var page = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>\(title): the API</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <style>\(Self.style)</style></head><body><main>
            <h1>\(title)</h1>
            <p>\(escaped(contract["info"]?["description"]?.text ?? ""))</p>
            <p>For programs: <a href="/openapi.json">openapi.json</a>.</p>

            """
        let operations = operations
        let tags = Set(operations.map(\.tag)).sorted()
        page +=
            "<nav>" + tags.map { "<a href=\"#\(escaped($0))\">\(escaped($0))</a>" }.joined(separator: " ") + "</nav>\n"
        for tag in tags {
            page += "<h2 id=\"\(escaped(tag))\">\(escaped(tag))</h2>\n"
            for operation in operations where operation.tag == tag { page += html(of: operation) }
        }
        return page + "</main></body></html>\n"
    }

    private struct Operation {
        var tag: String
        var method: String
        var path: String
        var details: JSONValue
        var shared: [JSONValue]
    }

    private var operations: [Operation] {
        let all = (contract["paths"]?.members ?? [:]).flatMap { path, item in
            item.members.filter { MergedContract.methods.contains($0.key) }.map { method, details in
                Operation(
                    tag: details["tags"]?.items.first?.text ?? path.split(separator: "/").first.map(String.init) ?? "",
                    method: method.uppercased(), path: path, details: details, shared: item["parameters"]?.items ?? [])
            }
        }
        return all.sorted { ($0.path, $0.method) < ($1.path, $1.method) }
    }

    private func html(of operation: Operation) -> String {
        let details = operation.details
        let needsToken =
            !(details["security"] ?? contract["security"] ?? .null).items.contains { $0.members.isEmpty }
            && !(details["security"] ?? contract["security"] ?? .null).items.isEmpty
        var html = "<details><summary><b class=\"\(operation.method.lowercased())\">\(operation.method)</b> "
        html += "<code>\(escaped(operation.path))</code> \(escaped(details["summary"]?.text ?? ""))</summary>\n"
        if let description = details["description"]?.text { html += "<p>\(escaped(description))</p>\n" }
        if needsToken { html += "<p>Needs an access token.</p>\n" }
        let parameters = (operation.shared + (details["parameters"]?.items ?? [])).map(resolved)
        html += table(
            "Parameters",
            parameters.map {
                [$0["name"]?.text ?? "", $0["in"]?.text ?? "", type(of: $0["schema"]), $0["description"]?.text ?? ""]
            })
        let bodies = details["requestBody"].map(resolved)?["content"]?.members ?? [:]
        html += table("Body", bodies.sorted { $0.key < $1.key }.map { [$0.key, type(of: $0.value["schema"])] })
        let answers = (details["responses"]?.members ?? [:]).sorted { $0.key < $1.key }
        html += table("Answers", answers.map { [$0.key, resolved($0.value)["description"]?.text ?? ""] })
        return html + "</details>\n"
    }

    private func table(_ title: String, _ rows: [[String]]) -> String {
        guard !rows.isEmpty else { return "" }
        let body = rows.map { row in "<tr>" + row.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>" }
        return "<h3>\(title)</h3><table>\(body.joined(separator: "\n"))</table>\n"
    }

    /// Follows one `$ref` into the document.
    private func resolved(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.text, reference.hasPrefix("#/") else { return value }
        return reference.dropFirst(2).split(separator: "/").reduce(contract) { $0[String($1)] ?? .null }
    }

    private func type(of schema: JSONValue?) -> String {
        guard let schema else { return "" }
        if let reference = schema["$ref"]?.text { return String(reference.split(separator: "/").last ?? "") }
        if let type = schema["type"]?.text { return type }
        return (schema["type"]?.items ?? []).compactMap(\.text).joined(separator: " or ")
    }

    private func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }

    private static let style = """
        body{font:16px/1.5 system-ui,sans-serif;margin:0;background:Canvas;color:CanvasText;color-scheme:light dark}
        main{max-width:60rem;margin:auto;padding:1rem}details{border:1px solid #8886;border-radius:4px;margin:.4rem 0}
        summary{padding:.5rem;cursor:pointer}details>:not(summary){margin:.5rem 1rem}code{font-size:1em}
        b{display:inline-block;min-width:4.5em}.get{color:#08c}.post{color:#283}.put,.patch{color:#b60}.delete{color:#c33}
        table{border-collapse:collapse}td{border:1px solid #8884;padding:.2rem .5rem;vertical-align:top}h3{font-size:1em}
        """
}
