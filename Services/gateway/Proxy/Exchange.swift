import NIOCore

/// One request and its answer, as far as they have come.
struct Exchange {
    var method = Method.get
    var service: Backend?
    /// The head as it goes to the service; kept until the answer has ended, for another try and for the record.
    var request = ByteBuffer()
    var record = RequestRecord()
    var body = BodyDecoder(.none)
    var isBodyChunked = false
    var bodyBytes = 0
    var bodyLimit = 0
    var isHTTP11 = true
    /// Whether the client keeps the connection.
    var isPersistent = true
    /// The client waits for a `100 Continue` before it sends the body.
    var awaitsContinue = false
    var user: VerifiedToken?
    /// Behind a trusted proxy, who is behind it.
    var client: ClientAddress?
    /// Header lines that the gateway adds to the answer, whoever gives it.
    var ownFields = ByteBuffer()
    /// Whether the service may make another protocol's of the connection.
    var mayUpgrade = false
    /// By when more of the body must have come for its rate to suffice.
    var uploadDeadline = NIODeadline.distantFuture
    /// While its key is looked for.
    var token: [UInt8] = []
    var began = NIODeadline.now()
    var tries = 0
    /// Endpoints that could not answer it, the latest last.
    var failed: [EndpointID] = []
    /// 0 until an answer has begun.
    var status: UInt16 = 0
    var isAnswerChunked = false
    var acceptsGzip = false
    /// The client named tags of what the gateway compressed.
    var hasOwnTags = false
    /// Compresses the answer.
    var gzip: GzipStream?
    var keepsConnection = true
    /// There is a request that has had no end in the access log.
    var isOpen = false

    var requestID: String {
        let text = request.getString(at: record.requestID.lowerBound, length: record.requestID.count)
        return text ?? ""
    }

    var path: String {
        request.getString(at: record.path.lowerBound, length: record.path.count) ?? ""
    }

    /// Whether sending it a second time can do no harm: it changes nothing that the first has not, and all of it is here.
    var isRepeatable: Bool {
        method.isIdempotent && bodyBytes == 0 && body.hasEnded
    }
}
