import CLibPQ

extension Session {
    enum CopyWrite { case taken, waitsForSocket, failed }
    enum CopyRead { case more, waitsForSocket, end, failed }

    func writeCopy(_ bytes: [UInt8]) -> CopyWrite {
        let outcome = bytes.withUnsafeBytes { buffer in
            PQputCopyData(connection, buffer.bindMemory(to: CChar.self).baseAddress, Int32(buffer.count))
        }
        return switch outcome {
        case 1: .taken
        case 0: .waitsForSocket
        default: .failed
        }
    }

    /// - Parameter failure: makes the server discard the rows, and report this.
    func endCopy(failure: String? = nil) -> CopyWrite {
        switch PQputCopyEnd(connection, failure) {
        case 1: .taken
        case 0: .waitsForSocket
        default: .failed
        }
    }

    /// Appends whole rows to `chunk`, up to about `limit` bytes.
    func readCopy(into chunk: inout [UInt8], limit: Int) -> CopyRead {
        while chunk.count < limit {
            var row: UnsafeMutablePointer<CChar>?
            let length = PQgetCopyData(connection, &row, 1)
            if let row {
                chunk += UnsafeRawBufferPointer(start: row, count: Int(length))
                PQfreemem(row)
            } else {
                return length == 0 ? .waitsForSocket : length == -1 ? .end : .failed
            }
        }
        return .more
    }
}
