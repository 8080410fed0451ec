// Keys and fingerprints, against what OpenSSH says of them.

import Foundation
import TakeoverModel
import Testing

@testable import TakeoverRemote

@Suite struct IdentityTests {
  private let errors = SSHError(reach: Reach(host: "192.0.2.1", port: 2222))

  @Test(arguments: [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000])
  func `the digest has the right length whatever the message's`(_ count: Int) {
    #expect(SHA256.digest([UInt8](repeating: 97, count: count)).count == 32)
  }

  @Test func `the digests of FIPS 180-4 come out`() {
    let long = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
    for (message, digest) in [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (long, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
    ] {
      let hex = SHA256.digest(Array(message.utf8)).map { byte in
        String(256 + Int(byte), radix: 16).dropFirst()
      }
      #expect(hex.joined() == digest)
    }
  }

  @Test func `a fingerprint is the one that ssh-keygen prints`() {
    #expect(
      Fingerprint.of(base64: "AAAAC3NzaC1lZDI1NTE5AAAAICBX70ASd4DkoE00GnoS5kj7ohyugn64gZyFQBr96Kkz")
        == "SHA256:BFu5RsyrvyUBXUr92/iVhnyZ2xYNLO4q0IE63DZPDqU")
    #expect(Fingerprint.of(base64: "*") == "(an unreadable key)")
  }

  @Test func `a port other than 22 is part of the name in known_hosts`() {
    #expect(errors.knownName == "[192.0.2.1]:2222")
    #expect(SSHError(reach: Reach(host: "192.0.2.1")).knownName == "192.0.2.1")
  }

  @Test func `a missing key, a public key and an encrypted key are told apart`() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    func problem(_ text: String?) throws -> String {
      if let text { try Data(text.utf8).write(to: file) }
      let error = #expect(throws: TransportError.self) {
        try IdentityFile(file.path(), errors: errors).usable(errors)
      }
      #expect(error?.kind == .misconfigured)
      return error?.problem ?? ""
    }
    #expect(try problem(nil).hasSuffix("cannot be read"))
    #expect(try problem("ssh-ed25519 AAAA me").hasSuffix("is no private key"))
    #expect(try problem(Self.openSSH(cipher: "aes256-ctr")).hasSuffix("is encrypted"))
    let pem = "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
    #expect(try problem(pem).hasSuffix("is encrypted"))
    try Data(Self.openSSH(cipher: "none").utf8).write(to: file)
    #expect(try !IdentityFile(file.path(), errors: errors).isEncrypted)
  }

  @Test func `every remedy of the host key names the file and the command`() {
    let unknown = errors.unknownHostKey(
      "SHA256:x", type: "ecdsa-sha2-nistp256", file: "/k", otherTypes: ["ssh-ed25519"])
    #expect(unknown.problem.contains("SHA256:x"))
    #expect(unknown.problem.contains("known by ssh-ed25519 only"))
    #expect(unknown.remedy.contains("ssh-keyscan -p 2222 -t ecdsa 192.0.2.1 >> /k"))
    let changed = errors.changedHostKey("SHA256:x", known: "SHA256:y", type: "ssh-rsa", file: "/k")
    #expect(changed.problem.contains("known SHA256:y, offered SHA256:x"))
    #expect(changed.remedy.contains("ssh-keygen -R '[192.0.2.1]:2222' -f /k"))
  }

  @Test func `the type of a key is told without its passphrase`() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    func type(_ text: String) throws -> String? {
      try Data(text.utf8).write(to: file)
      return try IdentityFile(file.path(), errors: errors).type
    }
    #expect(try type("-----BEGIN RSA PRIVATE KEY-----\n") == "ssh-rsa")
    #expect(try type("-----BEGIN PRIVATE KEY-----\n") == nil)
    let whole = Self.openSSH(cipher: "aes256-ctr", type: "sk-ssh-ed25519@openssh.com")
    #expect(try type(whole) == "sk-ssh-ed25519@openssh.com")
    let end = "-----END OPENSSH PRIVATE KEY-----\n"
    let body = whole.split(separator: "\n")[1]
    for count in 0..<body.count {
      let cut = "-----BEGIN OPENSSH PRIVATE KEY-----\n\(body.prefix(count))\n\(end)"
      #expect(try type(cut).map { "sk-ssh-ed25519@openssh.com".hasPrefix($0) } ?? true)
    }
  }

  /// The beginning of a key file as PROTOCOL.key of OpenSSH describes it.
  private static func openSSH(cipher: String, type: String = "ssh-ed25519") -> String {
    func string(_ text: String) -> [UInt8] { [0, 0, 0, UInt8(text.utf8.count)] + text.utf8 }
    let publicKey = string(type)
    let bytes =
      Array("openssh-key-v1\0".utf8) + string(cipher) + string("none") + string("")
      + [0, 0, 0, 1] + [0, 0, 0, UInt8(publicKey.count)] + publicKey
    let body = Data(bytes).base64EncodedString()
    return "-----BEGIN OPENSSH PRIVATE KEY-----\n\(body)\n-----END OPENSSH PRIVATE KEY-----\n"
  }
}
