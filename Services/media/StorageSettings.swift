import FoundationEssentials
import ServiceKit
import _NIOFileSystem

/// Where the bytes of files are.
enum StorageSettings: Sendable {
    /// An absolute path, in a file system that all replicas share.
    case folder(FilePath)
    /// - Parameter reachedAt: where clients reach the same bucket; `nil`: they don't.
    case bucket(S3Bucket, S3Credentials, reachedAt: S3Bucket?)

    init(from reader: inout SettingsReader) {
        let url = reader.url(
            "STORAGE_URL", schemes: ["file", "s3+http", "s3+https"], default: "file:.local/media",
            "Where the bytes are kept: file: and a folder that all replicas share, or s3+https://host/bucket?region=…")
        let isBucket = url.hasPrefix("s3+")
        let credentials = S3Credentials(
            accessKey: reader.secret(
                "STORAGE_ACCESS_KEY", default: isBucket ? nil : "", minimumBytes: 3, "The bucket's access key, for s3+."
            ),
            secretKey: reader.secret(
                "STORAGE_SECRET_KEY", default: isBucket ? nil : "", minimumBytes: 8, "The bucket's secret key, for s3+."
            ))
        let publicURL = reader.string(
            "STORAGE_PUBLIC_URL", default: "",
            "Where clients reach the bucket's store themselves, such as https://files.example.org, for s3+; when "
                + "empty, media passes the bytes on.")
        guard isBucket else {
            self = .folder(Self.folder(url))
            return
        }
        guard let bucket = S3Bucket(url: url) else {
            reader.note("STORAGE_URL", "must be like s3+http://minio:9000/bucket or s3+https://host/bucket?region=eu-1")
            self = .folder("")
            return
        }
        let publicAddress = S3Bucket(bucket, reachedAt: publicURL)
        if publicAddress == nil && !publicURL.isEmpty {
            reader.note("STORAGE_PUBLIC_URL", "must be like https://files.example.org, without a path")
        }
        self = .bucket(bucket, credentials, reachedAt: publicAddress)
    }

    /// `file:/absolute`, `file:///absolute` or `file:relative`, as an absolute path.
    private static func folder(_ url: String) -> FilePath {
        let path = url.dropFirst("file:".count)
        let folder = FilePath(String(path.hasPrefix("//") ? path.dropFirst(2) : path))
        let absolute = folder.isAbsolute ? folder : FilePath(FileManager.default.currentDirectoryPath).pushing(folder)
        return absolute.lexicallyNormalized()
    }
}
