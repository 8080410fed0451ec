// The configuration's files on this machine's disk.

internal import Glibc

/// Finds by glob(3) and reads whole, as the daemon does: regular files that nobody may execute.
package struct DiskFiles: Sendable {
  /// Where relative patterns start.
  package var directory: String
  /// A file that is longer is cut here; the reader says so of what is over its own limit.
  package var limit = ConfigurationReader.fileLimit + 1

  package init(directory: String = "/") { self.directory = directory }

  package var files: ConfigurationFiles {
    ConfigurationFiles { pattern in paths(pattern).map { .init(path: $0, bytes: bytes($0)) } }
  }

  private func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : directory + "/" + path
  }

  private func paths(_ pattern: String) -> [String] {
    var found = unsafe glob_t()
    defer { unsafe globfree(&found) }
    guard unsafe glob(absolute(pattern), GLOB_BRACE, nil, &found) == 0 else { return [] }
    var paths: [String] = []
    for index in unsafe 0..<Int(found.gl_pathc) {
      if let path = unsafe found.gl_pathv[index] { paths.append(unsafe String(cString: path)) }
    }
    return paths
  }

  /// nil: no regular file, one that somebody may execute, or not to be read.
  package func bytes(_ path: String) -> [UInt8]? {
    let descriptor = unsafe open(absolute(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_mode & 0o111 == 0
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: min(Int(status.st_size), limit))
    var filled = 0
    while filled < bytes.count {
      let count = unsafe bytes[filled...].withUnsafeMutableBytes {
        unsafe read(descriptor, $0.baseAddress, $0.count)
      }
      guard count > 0 else { break }
      filled += count
    }
    return Array(bytes[..<filled])
  }
}
