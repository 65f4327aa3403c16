import FoundationEssentials

/// Where a bucket is: `http` or `https`, host, port, and the bucket's name as the first part of the path, which every
/// S3-compatible store understands.
struct S3Bucket: Sendable, Hashable {
    /// `http://minio:9000`, without a slash at its end.
    let endpoint: String
    /// As the `Host` field names it: with the port, unless it is the scheme's own.
    let host: String
    let name: String
    let region: String

    /// - Parameter url: `s3+http://host:port/bucket` or `s3+https://host/bucket`, with `?region=`, by default
    ///   `us-east-1`, which stores without regions take.
    init?(url: String) {
        guard url.hasPrefix("s3+"), let parts = URLComponents(string: String(url.dropFirst(3))),
            let scheme = parts.scheme, let host = parts.host, !host.isEmpty, parts.user == nil, parts.fragment == nil
        else { return nil }
        let path = parts.path.split(separator: "/", omittingEmptySubsequences: false)
        guard path.count == 2, Self.isBucketName(path[1]) else { return nil }
        let items = parts.queryItems ?? []
        guard items.allSatisfy({ $0.name == "region" && $0.value?.isEmpty == false }), items.count < 2 else {
            return nil
        }
        self.init(scheme: scheme, host: host, port: parts.port, name: String(path[1]), region: items.first?.value)
    }

    /// The same bucket where clients reach it.
    ///
    /// - Parameter url: `https://files.example.org`, without a path.
    init?(_ bucket: S3Bucket, reachedAt url: String) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, let host = parts.host, !host.isEmpty,
            parts.path.isEmpty || parts.path == "/", parts.query == nil, parts.user == nil
        else { return nil }
        self.init(scheme: scheme, host: host, port: parts.port, name: bucket.name, region: bucket.region)
    }

    private init?(scheme: String, host: String, port: Int?, name: String, region: String?) {
        guard ["http", "https"].contains(scheme) else { return nil }
        let isUsualPort = port == nil || port == (scheme == "http" ? 80 : 443)
        self.host = isUsualPort ? host : "\(host):\(port ?? 0)"
        endpoint = "\(scheme)://\(self.host)"
        self.name = name
        self.region = region ?? "us-east-1"
    }

    /// 3 to 63 lower-case letters, digits, dots and hyphens, with a letter or digit at both ends.
    private static func isBucketName(_ text: Substring) -> Bool {
        let alphanumeric = Set("abcdefghijklmnopqrstuvwxyz0123456789")
        guard (3...63).contains(text.utf8.count), let first = text.first, let last = text.last else { return false }
        return alphanumeric.contains(first) && alphanumeric.contains(last)
            && text.allSatisfy { alphanumeric.contains($0) || $0 == "-" || $0 == "." }
    }
}

struct S3Credentials: Sendable {
    let accessKey: String
    let secretKey: String
}
