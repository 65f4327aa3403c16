/// Where the parts of a request that outlive its head lie in the buffer that was written for the service.
struct RequestRecord {
    var target = 0..<0
    var path = 0..<0
    var requestID = 0..<0
}
