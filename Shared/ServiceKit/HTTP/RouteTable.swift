import HTTPTypes

/// All routes of a service by path, to tell a wrong method from a wrong path.
struct RouteTable: Sendable {
    private let routes: [(segments: [Substring], method: HTTPRequest.Method)]

    init(_ routes: [Route]) {
        self.routes = routes.map { ($0.path.split(separator: "/"), $0.method) }
    }

    /// Which methods the path answers to; empty when there is no such path. As in the router, a path that is written
    /// out hides those with a parameter in its place: `/media/uploads` is not a `/media/{id}`.
    func methods(at path: String) -> [HTTPRequest.Method] {
        let segments = path.split(separator: "/")
        let matching = routes.filter { Self.matches($0.segments, segments) }
        let served = matching.map { Self.parameters(of: $0.segments) }.min { $0.lexicographicallyPrecedes($1) }
        var methods: [HTTPRequest.Method] = []
        for route in matching where Self.parameters(of: route.segments) == served {
            for method in route.method == .get ? [.get, .head] : [route.method] where !methods.contains(method) {
                methods.append(method)
            }
        }
        return methods
    }

    /// Where the template has parameters: 1 for each, 0 for what is written out.
    private static func parameters(of template: [Substring]) -> [Int] {
        template.map { $0.hasPrefix("{") ? 1 : 0 }
    }

    private static func matches(_ template: [Substring], _ segments: [Substring]) -> Bool {
        template.count == segments.count
            && zip(template, segments).allSatisfy { part, segment in part.hasPrefix("{") || part == segment }
    }
}
