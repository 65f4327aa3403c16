import Glibc
import NIOCore

/// Hands an open descriptor to another process on this host, over a stream of unix(7): `SCM_RIGHTS`, laid out as cmsg(3)
/// says. The receiver's descriptor refers to the same open file description.
enum DescriptorPassing {
    /// Control data of one descriptor: `CMSG_LEN` of them are used, `CMSG_SPACE` there.
    private struct Rights {
        static let length = MemoryLayout<cmsghdr>.size + MemoryLayout<CInt>.size

        var header = cmsghdr()
        var descriptor: CInt
        var padding: CInt = 0

        init(_ descriptor: CInt) {
            self.descriptor = descriptor
            header.cmsg_len = Self.length
            header.cmsg_level = SOL_SOCKET
            header.cmsg_type = CInt(SCM_RIGHTS)
        }
    }

    /// - Throws: `IOError`, `EPIPE` when the other side has hung up.
    static func send(_ descriptor: CInt, over connection: CInt) throws {
        var rights = Rights(descriptor)
        // Without a byte of its own a stream carries no control data.
        let sent = withMessage(&rights) { sendmsg(connection, $0, CInt(MSG_NOSIGNAL)) }
        guard sent == 1 else { throw IOError(errnoCode: errno, reason: "sendmsg") }
    }

    /// - Throws: `IOError`, `ECONNRESET` when the other side hangs up without having sent one.
    static func receive(from connection: CInt) throws -> CInt {
        var rights = Rights(-1)
        var isWhole = false
        let received = withMessage(&rights) { message in
            let count = recvmsg(connection, message, CInt(MSG_CMSG_CLOEXEC))
            isWhole =
                message.pointee.msg_controllen >= Rights.length
                && message.pointee.msg_flags & CInt(MSG_CTRUNC) == 0
            return count
        }
        guard received >= 0 else { throw IOError(errnoCode: errno, reason: "recvmsg") }
        guard received == 1, isWhole, rights.header.cmsg_level == SOL_SOCKET, rights.header.cmsg_type == SCM_RIGHTS
        else { throw IOError(errnoCode: ECONNRESET, reason: "no descriptor came") }
        return rights.descriptor
    }

    private static func withMessage(_ rights: inout Rights, _ body: (UnsafeMutablePointer<msghdr>) -> Int) -> Int {
        var byte: UInt8 = 0
        return withUnsafeMutableBytes(of: &byte) { data in
            var part = iovec(iov_base: data.baseAddress, iov_len: data.count)
            return withUnsafeMutablePointer(to: &part) { parts in
                withUnsafeMutableBytes(of: &rights) { control in
                    var message = msghdr()
                    message.msg_iov = parts
                    message.msg_iovlen = 1
                    message.msg_control = control.baseAddress
                    message.msg_controllen = control.count
                    return body(&message)
                }
            }
        }
    }
}
