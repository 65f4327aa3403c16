import CLibCrypt
import Glibc

/// bcrypt as libcrypt computes it: crypt(3). Blocks for as long as the cost says.
enum Bcrypt {
    enum Fault: Error {
        /// libcrypt refused the setting, or was built without bcrypt.
        case refused
    }

    /// bcrypt takes no more, and C strings end at NUL.
    static func canHash(_ password: String) -> Bool {
        password.utf8.count <= 72 && !password.utf8.contains(0)
    }

    /// - Throws: ``Fault``.
    static func hash(_ password: String, cost: Int) throws -> BcryptHash {
        var generator = SystemRandomNumberGenerator()
        let random = (0..<16).map { _ in CChar(truncatingIfNeeded: generator.next() as UInt8) }
        let setting = try withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CRYPT_GENSALT_OUTPUT_SIZE)) {
            output in
            guard
                let text = crypt_gensalt_rn(
                    "$2b$", UInt(cost), random, CInt(random.count), output.baseAddress, CInt(output.count))
            else { throw Fault.refused }
            return String(cString: text)
        }
        guard let hash = BcryptHash(try crypt(password, setting: setting)) else { throw Fault.refused }
        return hash
    }

    /// Whether `hash` is that of `password`, in time that tells nothing of where they differ.
    ///
    /// - Throws: ``Fault``.
    static func verify(_ password: String, against hash: BcryptHash) throws -> Bool {
        let expected = Array(hash.description.utf8)
        let actual = Array(try crypt(password, setting: hash.description).utf8)
        guard expected.count == actual.count else { return false }
        return zip(expected, actual).reduce(into: UInt8(0)) { $0 |= $1.0 ^ $1.1 } == 0
    }

    private static func crypt(_ password: String, setting: String) throws -> String {
        let state = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        memset(state, 0, MemoryLayout<crypt_data>.size)
        defer {
            explicit_bzero(state, MemoryLayout<crypt_data>.size)
            state.deallocate()
        }
        guard let output = crypt_r(password, setting, state) else { throw Fault.refused }
        let text = String(cString: output)
        // crypt(3) tells of failure by a text that is no hash.
        guard !text.hasPrefix("*") else { throw Fault.refused }
        return text
    }
}
