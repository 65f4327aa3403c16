import Hummingbird
import ServiceKit

/// Whole tables for administrators, streamed.
struct ExportRoutes: Sendable {
    let exports: any Exports

    var routes: [Route] {
        [
            Route(
                .get, "/analytics/export/{table}", .role(.admin),
                produces: ExportFormat.allCases.map(\.mediaType), export)
        ]
    }

    /// `?format=` decides; without it what the request accepts, CSV first.
    @Sendable private func export(_ request: Request, _ context: APIContext) async throws -> Response {
        let name: String = try context.parameter("table")
        guard let table = ExportTable(rawValue: name) else { throw HTTPProblem.notFound() }
        var query = QueryReader(request)
        let asked: ExportFormat? = query.choice("format")
        try query.finish()
        let accepted = request.preferredMediaType(of: ExportFormat.allCases.map(\.mediaType))
        let format = asked ?? ExportFormat.allCases.first { $0.mediaType == accepted } ?? .csv
        try await exports.prepare(table)
        return Response(
            status: .ok,
            headers: [
                .contentType: format.mediaType,
                .contentDisposition: #"attachment; filename="\#(table.rawValue).\#(format.rawValue)""#,
            ],
            body: ResponseBody { [exports] writer in
                try await exports.export(table, as: format) { chunk in
                    try await writer.write(ByteBuffer(bytes: chunk))
                }
                try await writer.finish(nil)
            })
    }
}

extension ExportFormat {
    fileprivate var mediaType: String {
        switch self {
        case .csv: "text/csv"
        case .ndjson: "application/x-ndjson"
        }
    }
}
