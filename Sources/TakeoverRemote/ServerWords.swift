// What a person does about a machine's SSH server, in the words of the machine's system.

internal import TakeoverModel

extension NodeSystem {
  /// Starts the SSH server.
  var serverStart: String {
    switch self {
    case .posix: "systemctl start ssh"
    case .windows: "Start-Service sshd"
    }
  }

  /// The folder of the host keys there.
  var hostKeys: String {
    switch self {
    case .posix: "/etc/ssh/"
    case .windows: #"C:\ProgramData\ssh\"#
    }
  }

  /// Where the keys of those stand who may log in.
  var authorizedKeys: String {
    switch self {
    case .posix: "its authorized_keys"
    case .windows: #"its C:\ProgramData\ssh\administrators_authorized_keys"#
    }
  }

  /// Whether ssh-copy-id(1), which wants a POSIX shell, can put a key there.
  var takesCopiedKeys: Bool { self == .posix }
}
