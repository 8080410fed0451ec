// Which package has a program, on the distributions that nodes mostly run.

package enum PackageNames {
  /// By what installs packages there, in the order in which it is looked for.
  package static let installers = ["apt-get", "dnf", "zypper", "apk", "pacman"]

  private static let commands = [
    "apt-get": "apt-get install -y", "dnf": "dnf install -y", "zypper": "zypper install -y",
    "apk": "apk add", "pacman": "pacman -S --noconfirm",
  ]

  /// Debian's names, and where others differ.
  private static let debian = [
    "nft": "nftables", "tc": "iproute2", "ip": "iproute2", "bridge": "iproute2",
    "perl": "perl", "ping": "iputils-ping", "prlimit": "util-linux", "unshare": "util-linux",
    "chrt": "util-linux", "setsid": "util-linux", "tcpdump": "tcpdump", "systemctl": "systemd",
    "reboot": "systemd-sysv", "awk": "mawk", "sed": "sed", "date": "coreutils",
    "readlink": "coreutils", "stat": "coreutils", "head": "coreutils", "uname": "coreutils",
    "sudo": "sudo", "arping": "arping", "mmdebstrap": "mmdebstrap", "ssh": "openssh-client",
  ]
  private static let others: [String: [String: String]] = [
    "dnf": [
      "tc": "iproute-tc", "ip": "iproute", "bridge": "iproute", "ping": "iputils",
      "reboot": "systemd", "awk": "gawk", "arping": "iputils", "ssh": "openssh-clients",
    ],
    "zypper": [
      "ping": "iputils", "reboot": "systemd", "awk": "gawk", "arping": "iputils",
      "ssh": "openssh-clients",
    ],
    "apk": [
      "ping": "iputils", "tc": "iproute2-tc", "reboot": "openrc", "awk": "gawk",
      "ssh": "openssh-client-default",
    ],
    "pacman": [
      "ping": "iputils", "reboot": "systemd-sysvcompat", "awk": "gawk", "arping": "iputils",
      "ssh": "openssh",
    ],
  ]

  /// The command that installs the program; nil: nobody knows which package has it.
  package static func command(for program: String, by installer: String?) -> String? {
    guard let installer, let command = commands[installer],
      let package = others[installer]?[program] ?? debian[program]
    else { return nil }
    return "\(command) \(package)"
  }
}
