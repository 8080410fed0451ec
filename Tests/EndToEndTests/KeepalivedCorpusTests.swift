// The corpus of configurations, asked of the real daemon: what `keepalived --config-test` of a lab
// image refuses, the reader refuses, and nothing else; what the daemon logs, the reader says.

import Foundation
import TakeoverKeepalived
import TakeoverLab
import Testing

@Suite(.serialized, .alone, .enabled(if: geteuid() == 0, "needs root"))
struct `Keepalived and its configurations` {
  private static let corpus =
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path()
    + "KeepalivedTests/Corpus"

  private static let host = Host(
    version: .bookworm, configID: "node-a", interfaces: ["lo", "eth0", "eth1"],
    users: ["root", "nobody"], missingScripts: ["/usr/bin/nothere"])

  /// Runs a script in namespaces of its own, on an image that nothing is written to: the corpus lies
  /// in a memory file system over its /mnt, two interfaces stand in its network.
  private func inImage(_ script: String) async throws -> String {
    let lab = try Laboratory(
      LabSamples.pair("e2e-corpus"), folders: LabSamples.folders, local: LabLocalShell())
    try await lab.prepareImages { print($0) }
    let images = try FileManager.default.contentsOfDirectory(atPath: LabSamples.folders.cache)
    let image = try #require(images.first { $0.hasPrefix("bookworm-") })
    let setting = """
      set -e
      image=$1 corpus=$2
      for folder in mnt tmp run; do mount -t tmpfs none "$image/$folder"; done
      mount -t proc proc "$image/proc"
      ip link set lo up
      ip link add eth0 type veth peer name eth1
      ip address add 192.0.2.1/24 dev eth0
      ip link set eth0 up && ip link set eth1 up
      cp -r "$corpus/." "$image/mnt/"
      chown -R root:root "$image/mnt" && find "$image/mnt" -type f -exec chmod 644 {} +
      find "$image/mnt" -type d -exec chmod 755 {} +
      chroot "$image" /bin/bash -c 'cd /mnt
      \(script)'
      """
    let words = ["--mount", "--net", "--pid", "--fork", "bash", "-c", setting, "-"]
    let program = try ChildProgram(
      "/usr/bin/unshare", words + [LabSamples.folders.cache + "/" + image, Self.corpus])
    let status = try await program.ended()
    #expect(status == 0, "\(String(decoding: program.messagesData, as: UTF8.self))")
    return String(decoding: program.outputData, as: UTF8.self)
  }

  private func read(_ file: String) throws -> Configuration {
    let disk = DiskFiles(directory: Self.corpus)
    let path = Self.corpus + "/" + file
    return ConfigurationReader(host: Self.host, files: disk.files)
      .read(try #require(disk.bytes(path)), at: path)
  }

  @Test func `what the daemon refuses is refused, and what it takes is not`() async throws {
    let said = try await inImage(
      """
      for file in *.conf; do
        timeout 5 keepalived --config-id=node-a --config-test --use-file "/mnt/$file" 2>/dev/null
        echo "$file $?"
      done
      """)
    let verdicts = said.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(verdicts.count >= 260)
    for verdict in verdicts {
      let configuration = try read(String(verdict[0]))
      let isRefused = configuration.remarks.contains { $0.gravity == .refused }
      #expect(isRefused == (verdict[1] != "0"), "\(verdict): \(configuration.remarks)")
    }
  }

  /// Files that the daemon takes, with words of what it logs when it starts.
  private static let logged = [
    "address-v6-global.conf": "should be link local", "global-interval-large.conf": "very large",
    "include-missing.conf": "Config files missing", "notify-user.conf": "Invalid user/group",
    "script-unused.conf": "is not used", "track-file-old.conf": "is deprecated",
    "unicast-fault.conf": "going to fault state",
  ]

  @Test func `what the daemon logs and goes on with is said, too`() async throws {
    let files = Self.logged.keys.sorted().joined(separator: " ")
    // All at once: each takes the two seconds, and another for its goodbye.
    let log = try await inImage(
      """
      for file in \(files); do
        at=/run/$file
        timeout 2 keepalived --dont-fork --log-console --log-detail --pid="$at.pid" \
          --vrrp_pid="$at.vrrp" --checkers_pid="$at.checkers" --use-file "/mnt/$file" \
          >"$at.log" 2>&1 &
      done
      wait
      for file in \(files); do
        echo "=$file"
        cat "/run/$file.log"
      done
      """)
    let parts = log.split(separator: "\n=").map { String($0.drop { $0 == "=" }) }
    #expect(parts.count == Self.logged.count)
    for part in parts {
      let file = String(part.prefix { $0 != "\n" })
      let words = try #require(Self.logged[file])
      #expect(part.contains(words), "\(part)")
      let configuration = try read(file)
      #expect(configuration.remarks.contains { $0.gravity == .corrected }, "\(file)")
      #expect(!configuration.remarks.contains { $0.gravity == .refused }, "\(file)")
    }
  }
}
