// A program that a test starts. Not by Foundation's Process, which makes a socket on the loopback
// interface and waits for ever where that is down, and whose children cannot be interrupted.

import Foundation
import Glibc
import Synchronization

final class ChildProgram: Sendable {
  let identifier: pid_t
  private let output: FileHandle
  private let messages: FileHandle
  /// As waitpid(2) tells it; nil: it runs.
  private let ending = Mutex<Int32?>(nil)

  /// Starts the program at `path`; what it says goes to files that have no name, so that nothing it
  /// leaves running can hold a reader up.
  init(
    _ path: String, _ words: [String], in folder: String? = nil,
    environment: [String: String] = [:]
  ) throws {
    output = try Self.file()
    messages = try Self.file()
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output.fileDescriptor, STDOUT_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, messages.fileDescriptor, STDERR_FILENO)

    // Signals as a login shell would have them.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

    let settings = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // env(1) changes the folder and becomes the program.
    let line: [String] = ["env", "-C", folder ?? ".", path] + words
    var arguments: [UnsafeMutablePointer<CChar>?] = unsafe line.map { text in
      unsafe strdup(text)
    }
    unsafe arguments.append(nil)
    var variables: [UnsafeMutablePointer<CChar>?] = unsafe settings.map { name, value in
      unsafe strdup("\(name)=\(value)")
    }
    unsafe variables.append(nil)
    defer { unsafe (arguments + variables).forEach { text in unsafe free(text) } }
    var process = pid_t()
    let failure = unsafe posix_spawn(
      &process, "/usr/bin/env", &actions, &attributes, &arguments, &variables)
    guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EIO) }
    identifier = process
  }

  /// Exit status, or 128 and the signal's number; nil: it runs.
  var status: Int32? {
    ending.withLock { ending in
      if ending == nil {
        var status: Int32 = 0
        if unsafe waitpid(identifier, &status, WNOHANG) == identifier { ending = status }
      }
      return ending.map { $0 & 0x7f == 0 ? ($0 >> 8) & 0xff : 128 + ($0 & 0x7f) }
    }
  }

  var isRunning: Bool { status == nil }
  var outputData: Data { Self.content(of: output) }
  var messagesData: Data { Self.content(of: messages) }

  func signal(_ number: Int32) { if isRunning { kill(identifier, number) } }

  /// Waits for the end.
  func ended() async throws -> Int32 {
    while true {
      if let status { return status }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  /// Runs a program to its end, on this thread.
  static func run(_ path: String, _ words: [String]) throws -> (status: Int32, output: Data) {
    let program = try ChildProgram(path, words)
    while true {
      if let status = program.status { return (status, program.outputData) }
      usleep(1_000)
    }
  }

  private static func file() throws -> FileHandle {
    var path = Array((NSTemporaryDirectory() + "takeover-test-XXXXXX").utf8CString)
    let number = unsafe mkstemp(&path)
    guard number >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    unsafe unlink(path)
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    return FileHandle(fileDescriptor: number, closeOnDealloc: true)
  }

  private static func content(of file: FileHandle) -> Data {
    var data = Data()
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe pread(file.fileDescriptor, &chunk, chunk.count, off_t(data.count))
      guard count > 0 else { return data }
      data.append(contentsOf: chunk[..<count])
    }
  }
}
