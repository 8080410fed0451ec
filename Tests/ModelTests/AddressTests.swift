// Addresses: read strictly, printed canonically.

internal import TakeoverModel
internal import Testing

@Suite struct `Addresses` {
  @Test(arguments: [
    "0.0.0.0", "172.17.16.3", "255.255.255.255", "::", "::1", "fe80::1", "2001:db8::1:0:0:1",
    "ff02::12", "1:2:3:4:5:6:7:8",
  ])
  func `canonical texts come back as they are`(text: String) {
    #expect(IPAddress(text)?.description == text)
  }

  @Test(arguments: [
    ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("0:0:0:0:0:0:0:0", "::"),
    ("::ffff:1.2.3.4", "::ffff:102:304"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
  ])
  func `others are made canonical (RFC 5952)`(text: String, canonical: String) {
    #expect(IPAddress(text)?.description == canonical)
  }

  @Test(arguments: [
    "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.+4", "1.2.3.", "a.b.c.d", ":", ":::", "1::2::3",
    "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "::1%eth0", "1:2:3:4:5:6:7::8:9",
    "+1::", "1.2.3.4:80", "::-1",
  ])
  func `anything else is refused`(text: String) {
    #expect(IPAddress(text) == nil, "\(text)")
  }

  @Test func `bytes are in network order`() {
    #expect(IPAddress("1.2.3.4")?.bytes == [1, 2, 3, 4])
    #expect(IPAddress("ff02::12")?.bytes == [0xff, 2] + Array(repeating: 0, count: 13) + [0x12])
  }

  @Test func `a hardware address has six two-digit parts`() {
    #expect(MACAddress("02:d8:7e:00:00:0A")?.description == "02:d8:7e:00:00:0a")
    for text in ["", "02:d8:7e:00:00", "2:d8:7e:0:0:0", "02:d8:7e:00:00:0g", "02-d8-7e-00-00-00"] {
      #expect(MACAddress(text) == nil)
    }
  }
}
