// A system call that failed, as an error that a person will read.

import Glibc
import TakeoverModel

package struct SystemFailure: Explained, Hashable {
  /// The errno.
  package let code: Int32
  package let problem: String
  package let remedy: String

  package init(_ code: Int32, while doing: String) {
    self.code = code
    problem = "\(doing): \(Self.text(code))"
    remedy =
      switch code {
      case EPERM, EACCES: "run as root, or with CAP_NET_RAW, CAP_NET_ADMIN and CAP_SYS_ADMIN"
      case ENODEV, ENXIO: "check the interface's name in the site (`ip link` in its namespace)"
      case ENOENT: "check the namespace's path in the site"
      case EINVAL, ENOMEM: "watch fewer addresses: the kernel's filter takes 1300 IPv4 or 220 IPv6"
      case EMFILE, ENFILE: "raise the limit of open files (`ulimit -n`)"
      case ENOSPC, EDQUOT: "free some space in the run's folder"
      default: ""
      }
  }

  /// `code` in the words of the C library.
  package static func text(_ code: Int32) -> String {
    guard let words = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: words)
  }

  /// Passes a status on, or throws when it is one of our shim's negative errnos.
  @discardableResult
  static func check(_ status: Int32, _ doing: @autoclosure () -> String) throws(Self) -> Int32 {
    guard status < 0 else { return status }
    throw SystemFailure(-status, while: doing())
  }
}
