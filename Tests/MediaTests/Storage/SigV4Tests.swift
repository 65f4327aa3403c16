import FoundationEssentials
import Testing

@testable import Media

/// The examples of "Authenticating Requests (AWS Signature Version 4)" in the Amazon S3 API reference.
@Suite("Signatures of S3")
struct SigV4Tests {
    private let signer = SigV4(
        credentials: S3Credentials(
            accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        region: "us-east-1")
    private let time = Date(timeIntervalSince1970: 1_369_353_600)
    private let host = ("host", "examplebucket.s3.amazonaws.com")
    private let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private func signature(
        _ method: String, _ path: String, _ query: [(String, String)] = [], _ headers: [(String, String)] = [],
        payload: String? = nil
    ) -> String? {
        signer.fields(
            method, path: path, query: query, headers: headers + [host], payload: payload ?? empty, at: time
        ).first { $0.0 == "authorization" }?.1.split(separator: "=").last.map(String.init)
    }

    @Test("are those of the reference for an object, a part of one, a listing")
    func fields() {
        #expect(
            signature("GET", "/test.txt", [], [("range", "bytes=0-9")])
                == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
        #expect(
            signature(
                "PUT", "/test$file.text", [],
                [("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
                payload: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072")
                == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
        #expect(
            signature("GET", "/", [("lifecycle", "")])
                == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
        #expect(
            signature("GET", "/", [("prefix", "J"), ("max-keys", "2")])
                == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
    }

    @Test("are those of the reference for a presigned URL")
    func presigned() {
        let query = signer.presignedQuery(
            "GET", path: "/test.txt", query: [], host: host.1, seconds: 86_400, at: time)
        #expect(
            query == "X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
    }
}
