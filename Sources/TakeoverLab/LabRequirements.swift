// What the machine must have before a lab can be built on it.

import TakeoverModel

extension LabLayout {
  /// Prints one line per missing thing: `program NAME`, `root`, `overlay`, `namespace NAME`,
  /// `cgroup`. mmdebstrap is only missed where an image is.
  func inspectionOfHost() -> Command {
    let wantsHost = nodes.contains { $0.image == .host }
    let script =
      Booting.hierarchy + "\n" + """
        [ "$(id -u)" = 0 ] || echo root
        grep -qw overlay /proc/filesystems || modprobe -q overlay 2>/dev/null || echo overlay
        for kind in net pid mnt uts ipc cgroup; do
          [ -e "/proc/self/ns/$kind" ] || echo "namespace $kind"
        done
        [ -w "$(hierarchy)" ] || echo cgroup
        images=$1
        shift
        for image in $images; do [ -d "$image" ] || { set -- "$@" mmdebstrap; break; }; done
        for program; do
          command -v "$program" >/dev/null || [ -x "/usr/sbin/$program" ] || echo "program $program"
        done
        """
    var programs = ["unshare", "nsenter", "mount", "setsid", "flock", "setpriv", "find"]
    if wantsHost {
      programs += [
        "sshd", "ssh-keygen", "ssh-keyscan", "keepalived", "haproxy", "nft", "tcpdump", "ip",
      ]
      if nodes.contains(where: { $0.image == .host && $0.node?.firstProcess == .systemd }) {
        programs.append("systemctl")
      }
    }
    let images = nodes.compactMap { $0.image?.path(in: folders) }.joined(separator: " ")
    return .script(script, [images] + programs)
  }

  static func complaints(from result: CommandResult) -> [Complaint] {
    var packages: [String] = []
    var complaints: [Complaint] = []
    for line in result.text.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      switch words.first {
      case "root":
        complaints.append(
          Complaint("a lab needs root: it makes namespaces", remedy: "run it with sudo"))
      case "overlay":
        complaints.append(
          Complaint("the kernel has no overlay file system", remedy: "modprobe overlay"))
      case "namespace":
        complaints.append(
          Complaint(
            "the kernel has no \(words.last ?? "") namespaces",
            remedy: "use a kernel with CONFIG_NAMESPACES, as every distribution's has"))
      case "cgroup":
        complaints.append(
          Complaint(
            "no cgroup hierarchy can be written to",
            remedy: "mount cgroup2, or give the container its own (docker: --privileged)"))
      case "program":
        let program = words.last ?? ""
        packages.append(package(of: program))
      default: break
      }
    }
    if !packages.isEmpty {
      let names = Set(packages).sorted()
      complaints.append(
        Complaint(
          "this machine lacks \(names.joined(separator: ", "))",
          remedy: "apt-get install --no-install-recommends \(names.joined(separator: " "))"))
    }
    return complaints
  }

  private static func package(of program: String) -> String {
    switch program {
    case "sshd": "openssh-server"
    case "ssh-keygen", "ssh-keyscan": "openssh-client"
    case "nft": "nftables"
    case "ip": "iproute2"
    case "systemctl": "systemd"
    case "find": "findutils"
    case "unshare", "nsenter", "setsid", "flock", "setpriv": "util-linux"
    default: program
    }
  }
}
