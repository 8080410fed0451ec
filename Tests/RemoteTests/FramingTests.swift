// The bytes between a transport and its shell, without a shell.

import Foundation
import TakeoverModel
import Testing

@testable import TakeoverRemote

@Suite struct FramingTests {
  static let marker: [UInt8] = [1] + Array("abc.7:".utf8)

  @Test(arguments: 1...12)
  func `the marker is found however the bytes are cut`(_ size: Int) {
    let bytes = Array("out\n".utf8) + [0, 1, 1] + Array("abc.8:0\n".utf8) + Self.marker
    let whole = bytes + Array("42\nlater".utf8)
    var stream = MarkedStream(marker: Self.marker, cap: 100)
    for start in stride(from: 0, to: whole.count, by: size) {
      stream.feed(Array(whole[start..<min(start + size, whole.count)]))
    }
    #expect(stream.status == 42)
    #expect(stream.kept == Array(bytes.dropLast(Self.marker.count)))
    #expect(!stream.truncated)
  }

  @Test func `output is handed on at once unless it may be a marker`() {
    var stream = MarkedStream(marker: Self.marker, cap: 100)
    stream.feed(Array("line\n".utf8))
    #expect(stream.take() == Array("line\n".utf8))
    stream.feed([1] + Array("ab".utf8))
    #expect(stream.take().isEmpty)
    stream.feed(Array("x".utf8))
    #expect(stream.take() == [1] + Array("abx".utf8))
    #expect(stream.status == nil)
  }

  @Test func `what is beyond the cap is dropped, and the marker behind it is found`() {
    var stream = MarkedStream(marker: Self.marker, cap: 4)
    stream.feed(Array("123".utf8))
    #expect(!stream.truncated)
    stream.feed(Array("45678".utf8) + Self.marker + Array("0\n".utf8))
    #expect(stream.kept == Array("1234".utf8))
    #expect(stream.truncated)
    #expect(stream.status == 0)
  }

  @Test func `a status that is no number is not taken for success`() {
    var stream = MarkedStream(marker: Self.marker, cap: 4)
    stream.feed(Self.marker + Array("99999999999999999999999\n".utf8))
    #expect(stream.status == -1)
  }

  @Test func `every frame is one line of shell, but for the line breaks inside its words`() {
    let framing = Framing()
    for text in [
      framing.greeting(1), framing.run(Command("echo", "a b"), 2),
      framing.stage(.script("exit $1", ["3"]), armed: 3, fired: 4),
      framing.stream(Command("tcpdump", "-i", "eth0"), 5),
    ] {
      #expect(text.hasSuffix("\n"))
      #expect(text.dropLast().allSatisfy { $0 != "\n" })
    }
  }

  @Test func `a script's end is told at once, but a trap's work and a program are waited for`() {
    let framing = Framing()
    let marker = "\(framing.nonce) 4 "
    for (command, times) in [
      (Command.script("kill $1", ["7"]), 4), (.script("trap 'kill 7' EXIT"), 2),
      (Command("ip", "link"), 2),
    ] {
      let words = framing.stage(command, armed: 3, fired: 4)
      #expect(words.components(separatedBy: marker).count - 1 == times)
    }
  }

  @Test func `two shells never share a nonce, and it has 128 bits`() {
    let nonces = Set((0..<100).map { _ in Framing().nonce })
    #expect(nonces.count == 100)
    #expect(nonces.allSatisfy { $0.count == 32 })
  }

  @Test func `a script is quoted whole and run by eval, a program by command`() {
    let framing = Framing()
    #expect(
      framing.run(.script("a; b'", ["x y"]), 1).hasPrefix("( set -- 'x y'; eval ' a; b'\\'''"))
    #expect(framing.run(Command("ip", "link"), 1).hasPrefix("( command -- ip link ) </dev/null;"))
  }
}
