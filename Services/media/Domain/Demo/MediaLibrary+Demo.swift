import NIOCore
import WireProtocol

extension MediaLibrary {
    /// Puts the demonstration files in place that are not there yet.
    ///
    /// - Parameter present: ids that are taken, also by files that were deleted.
    func addDemoFiles(except present: Set<Identifier>) async throws {
        for demo in DemoFile.all where !present.contains(demo.id) {
            var deposit = try await deposit()
            let file: StoredFile
            do {
                try await deposit.write(ByteBuffer(bytes: demo.bytes()))
                file = try await deposit.finish()
            } catch {
                await deposit.abandon()
                throw error
            }
            let owner = DemoData.teacher.id
            _ = try await add(NewMedia(id: demo.id, ownerID: owner, file: file, details: demo.details))
        }
    }
}
