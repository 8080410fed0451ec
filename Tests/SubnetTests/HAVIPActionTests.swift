// What may be asked of HAVIPs, and what a client reads of them: the API's fields and codes.

import TakeoverModel
import TakeoverSubnet
import Testing

@Suite struct `Requests about HAVIPs` {
  private static func created(_ more: String = "") -> String {
    #"{"VpcId":"vpc-lab","SubnetId":"subnet-lab","HaVipName":"web"\#(more)}"#
  }

  private static func association(_ id: String, of havip: String = "havip-lab1") -> String {
    #"{"HaVipAssociationSet":[{"HaVipId":"\#(havip)","InstanceId":"\#(id)"}]}"#
  }

  @Test func `a HAVIP is described with the API's fields`() throws {
    let console = Console(SubnetSamples.description(associated: ["a"]))
    let answer = console.ask("DescribeHaVips")
    let havip = try #require(answer?["HaVipSet"]?.array.first)
    let texts = [
      "HaVipId": "havip-lab1", "HaVipName": "havip-lab1", "Vip": "172.17.16.3",
      "VpcId": "vpc-lab", "SubnetId": "subnet-lab", "NetworkInterfaceId": "", "InstanceId": "",
      "AddressIp": "", "State": "UNBIND", "CreatedTime": "2026-01-01 00:00:00", "Business": "",
      "CdcId": "", "FlushedTime": "0000-00-00 00:00:00",
    ]
    for (name, text) in texts { #expect(havip[name]?.string == text, "\(name)") }
    #expect(havip["CheckAssociate"]?.boolean == true)
    #expect(havip["TagSet"]?.array.isEmpty == true)
    let association = try #require(havip["HaVipAssociationSet"]?.array.first)
    #expect(association["InstanceId"]?.string == "ins-a")
    #expect(association["HaVipId"]?.string == "havip-lab1")
    #expect(association["InstanceType"]?.string == "CVM")
  }

  @Test func `it says who has it, and since when, after an announcement`() throws {
    let console = Console()
    _ = console.plane.subnet.hear("a", after: 0)
    _ = console.plane.subnet.advance(after: SubnetSamples.second)
    let havip = try #require(console.ask("DescribeHaVips")?["HaVipSet"]?.array.first)
    #expect(havip["State"]?.string == "AVAILABLE")
    #expect(havip["InstanceId"]?.string == "ins-a")
    #expect(havip["NetworkInterfaceId"]?.string == "eni-a")
    #expect(havip["FlushedTime"]?.string == "2026-01-01 00:00:01")
  }

  @Test func `one is made, described, renamed and deleted`() throws {
    let console = Console()
    let made = try #require(
      console.ask("CreateHaVip", Self.created(#","Vip":"172.17.16.40""#))?["HaVip"])
    #expect(made["HaVipId"]?.string == "havip-lab2")
    #expect(made["Vip"]?.string == "172.17.16.40")
    #expect(made["State"]?.string == "UNBIND")
    #expect(made["CheckAssociate"]?.boolean == false)
    // From now on it may be announced.
    #expect(
      console.plane.subnet.forwarding.drift.contains(
        Forwarding.Entry("port-b", SubnetSamples.address(40))))
    #expect(
      console.refusal("ModifyHaVipAttribute", #"{"HaVipId":"havip-lab2","HaVipName":"db"}"#) == nil)
    let found = console.ask("DescribeHaVips", #"{"HaVipIds":["havip-lab2"]}"#)
    #expect(found?["HaVipSet"]?.array.first?["HaVipName"]?.string == "db")
    #expect(console.refusal("DeleteHaVip", #"{"HaVipId":"havip-lab2"}"#) == nil)
    #expect(console.ask("DescribeHaVips")?["TotalCount"]?.integer == 1)
    #expect(console.decisions.isEmpty)
    #expect(
      console.refusal("DescribeHaVips", #"{"HaVipIds":["havip-lab2"]}"#) == "ResourceNotFound")
  }

  @Test func `without an address the first free one is taken`() throws {
    let console = Console()
    let vip = { (answer: JSONValue?) in answer?["HaVip"]?["Vip"]?.string }
    // .1 is the gateway's, .3 the HAVIP's.
    #expect(vip(console.ask("CreateHaVip", Self.created())) == "172.17.16.2")
    #expect(vip(console.ask("CreateHaVip", Self.created())) == "172.17.16.4")
  }

  @Test func `the same token makes the same HAVIP`() {
    let console = Console()
    let body = Self.created(#","ClientToken":"t""#)
    let ids = (0..<2).map { _ in
      console.ask("CreateHaVip", body)?["HaVip"]?["HaVipId"]?.string
    }
    #expect(ids == ["havip-lab2", "havip-lab2"])
  }

  @Test(arguments: [
    (#","Vip":"172.17.16""#, "InvalidParameterValue.Malformed"),
    (#","Vip":"fd00::1""#, "InvalidParameterValue.Malformed"),
    (#","Vip":"10.0.0.1""#, "InvalidParameterValue.Range"),
    (#","Vip":"172.17.16.1""#, "InvalidParameterValue.Reserved"),
    (#","Vip":"172.17.16.255""#, "InvalidParameterValue.Reserved"),
    (#","Vip":"172.17.16.7""#, "ResourceInUse"), (#","Vip":"172.17.16.3""#, "ResourceInUse"),
    (#","NetworkInterfaceId":"eni-a""#, "UnsupportedOperation"),
    (#","CheckAssociate":"yes""#, "InvalidParameter"),
    (#","HaVipAssociationSet":[{"InstanceId":"ins-x"}]"#, "ResourceNotFound"),
    (
      #","HaVipAssociationSet":[{"InstanceId":"ins-a"},{"InstanceId":"eni-b"}]"#,
      "UnsupportedOperation"
    ),
  ]) func `what cannot be made has its code`(more: String, code: String) {
    let console = Console()
    #expect(console.refusal("CreateHaVip", Self.created(more)) == code)
    #expect(console.plane.subnet.havips.count == 1)
  }

  @Test func `the place, the name and the quota have their codes`() {
    let console = Console()
    #expect(console.refusal("CreateHaVip", #"{"VpcId":"vpc-lab"}"#) == "MissingParameter")
    #expect(
      console.refusal("CreateHaVip", #"{"VpcId":"vpc-x","HaVipName":"n"}"#) == "ResourceNotFound")
    #expect(
      console.refusal("CreateHaVip", #"{"VpcId":"vpc-lab","SubnetId":"s","HaVipName":"n"}"#)
        == "ResourceNotFound")
    let long = String(repeating: "n", count: 61)
    #expect(
      console.refusal("CreateHaVip", #"{"VpcId":"vpc-lab","HaVipName":"\#(long)"}"#)
        == "InvalidParameterValue.TooLong")
    for _ in 0..<9 { #expect(console.refusal("CreateHaVip", Self.created()) == nil) }
    #expect(console.refusal("CreateHaVip", Self.created()) == "LimitExceeded")
    #expect(
      console.refusal("DeleteHaVip", #"{"HaVipId":"lab1"}"#) == "InvalidParameterValue.Malformed")
    #expect(console.refusal("DeleteHaVip", #"{"HaVipId":"havip-x"}"#) == "ResourceNotFound")
  }

  @Test func `one that is bound is released when it is deleted`() {
    let console = Console()
    _ = console.plane.subnet.hear("a", after: 0)
    _ = console.plane.subnet.advance(after: SubnetSamples.second)
    #expect(console.refusal("DeleteHaVip", #"{"HaVipId":"havip-lab1"}"#) == nil)
    #expect(console.decisions.map(\.event) == [.released])
    #expect(console.decisions.first?.member.node == "a")
    #expect(console.plane.subnet.forwarding.bound.isEmpty)
  }

  // MARK: Looking

  @Test(arguments: [
    (#"[{"Name":"vip","Values":["172.17.16.3"]}]"#, ["havip-lab1"]),
    (#"[{"Name":"vip","Values":["172.17.16.3","172.17.16.4"]}]"#, ["havip-lab1", "havip-lab2"]),
    (#"[{"Name":"havip-id","Values":["havip-lab2"]}]"#, ["havip-lab2"]),
    (#"[{"Name":"vpc-id","Values":["vpc-lab"]},{"Name":"vip","Values":["172.17.16.5"]}]"#, []),
    (#"[{"Name":"check-associate","Values":["TRUE"]}]"#, ["havip-lab1", "havip-lab2"]),
    (
      #"[{"Name":"havip-association.instance-id","Values":["ins-a"]}]"#,
      ["havip-lab1", "havip-lab2"]
    ),
    (#"[{"Name":"havip-association.instance-type","Values":["ENI"]}]"#, []),
    (#"[{"Name":"address-ip","Values":["1.1.1.1"]}]"#, []),
  ]) func `filters narrow what is found`(filters: String, found: [String]) {
    let console = Console(SubnetSamples.description(havips: [3, 4], associated: ["a"]))
    let answer = console.ask("DescribeHaVips", #"{"Filters":\#(filters)}"#)
    #expect(answer?["HaVipSet"]?.array.compactMap { $0["HaVipId"]?.string } == found)
    #expect(answer?["TotalCount"]?.integer == Int64(found.count))
  }

  @Test func `a page at a time, of all that there are`() {
    let console = Console(SubnetSamples.description(havips: Array(100..<125)))
    let page = { (answer: JSONValue?) in
      answer?["HaVipSet"]?.array.compactMap { $0["HaVipId"]?.string } ?? []
    }
    #expect(page(console.ask("DescribeHaVips")).count == 20)
    let last = console.ask("DescribeHaVips", #"{"Offset":24,"Limit":5}"#)
    #expect(page(last) == ["havip-lab25"])
    #expect(last?["TotalCount"]?.integer == 25)
    #expect(page(console.ask("DescribeHaVips", #"{"Offset":25}"#)).isEmpty)
  }

  @Test func `what cannot be looked for has its code`() {
    let console = Console()
    let filter = { (count: Int, values: Int) in
      let one =
        #"{"Name":"vip","Values":[\#(Array(repeating: "\"x\"", count: values).joined(separator: ","))]}"#
      return #"{"Filters":[\#(Array(repeating: one, count: count).joined(separator: ","))]}"#
    }
    #expect(console.refusal("DescribeHaVips", filter(10, 5)) == nil)
    #expect(console.refusal("DescribeHaVips", filter(11, 1)) == "LimitExceeded.NumberOfFilters")
    #expect(
      console.refusal("DescribeHaVips", filter(1, 6)) == "InvalidParameterValue.LimitExceeded")
    #expect(
      console.refusal("DescribeHaVips", #"{"Filters":[{"Name":"owner","Values":["x"]}]}"#)
        == "InvalidParameter.FilterInvalidKey")
    #expect(
      console.refusal("DescribeHaVips", #"{"Filters":[],"HaVipIds":[]}"#)
        == "InvalidParameter.Coexist")
  }

  // MARK: Associations

  @Test func `whom the set leaves out loses the HAVIP`() {
    let console = Console(SubnetSamples.description(associated: ["a"]))
    #expect(console.refusal("AssociateHaVipInstance", Self.association("ins-b")) == nil)
    _ = console.plane.subnet.hear("b", after: 0)
    _ = console.plane.subnet.advance(after: SubnetSamples.second)
    _ = console.plane.subnet.hear("a", after: 2 * SubnetSamples.second)
    console.now += 2 * SubnetSamples.second
    #expect(console.refusal("DisassociateHaVipInstance", Self.association("ins-b")) == nil)
    #expect(console.decisions.map(\.event) == [.released])
    #expect(console.plane.subnet.holder == nil)
    #expect(console.plane.subnet.havips.first?.flushedAt == console.now)
    // What a had announced is still on its way; b is refused from now on.
    #expect(console.plane.subnet.nextChange != nil)
    #expect(
      console.plane.subnet.hear("b", after: 3 * SubnetSamples.second).map(\.event) == [.refused])
    #expect(console.refusal("DisassociateHaVipInstance", Self.association("ins-a")) == nil)
    #expect(console.plane.subnet.nextChange == nil)
  }

  @Test func `a set that is not checked binds nobody`() {
    let console = Console()
    #expect(console.refusal("AssociateHaVipInstance", Self.association("eni-a")) == nil)
    #expect(console.plane.subnet.hear("b", after: 0).map(\.event) == [.believed])
    _ = console.plane.subnet.advance(after: SubnetSamples.second)
    #expect(console.refusal("DisassociateHaVipInstance", Self.association("eni-a")) == nil)
    #expect(console.plane.subnet.holder == "b")
  }

  @Test func `what cannot be associated has its code, and then nothing is`() {
    let console = Console(SubnetSamples.description(associated: ["a"]))
    let asked: [(String, String)] = [
      (Self.association("ins-a"), "InvalidParameterValue.DuplicatedHaVipAssociations"),
      (Self.association("ins-x"), "ResourceNotFound"),
      (Self.association("vm-b"), "InvalidParameterValue.Malformed"),
      (Self.association("eni-b"), "UnsupportedOperation"),
      (Self.association("ins-b", of: "havip-x"), "ResourceNotFound"),
      (#"{"HaVipAssociationSet":[{"InstanceId":"ins-b"}]}"#, "MissingParameter"),
      (
        #"{"HaVipAssociationSet":[{"HaVipId":"havip-lab1","InstanceId":"ins-b","InstanceType":"ENI"}]}"#,
        "InvalidParameterValue"
      ),
    ]
    for (body, code) in asked {
      #expect(console.refusal("AssociateHaVipInstance", body) == code, "\(body)")
    }
    let entry = #"{"HaVipId":"havip-lab1","InstanceId":"ins-b"}"#
    let eleven = Array(repeating: entry, count: 11).joined(separator: ",")
    #expect(
      console.refusal("AssociateHaVipInstance", #"{"HaVipAssociationSet":[\#(eleven)]}"#)
        == "InvalidParameterValue.LimitExceeded")
    #expect(
      console.refusal("AssociateHaVipInstance", #"{"HaVipAssociationSet":[\#(entry),\#(entry)]}"#)
        == "InvalidParameterValue.DuplicatedHaVipAssociations")
    #expect(
      console.refusal("DisassociateHaVipInstance", Self.association("ins-b")) == "ResourceNotFound")
    #expect(console.plane.subnet.havips.first?.associations.map(\.id) == ["ins-a"])
  }

  @Test func `a HAVIP has at most ten associations`() {
    let more = (0..<11).map { SubnetSamples.member("m\($0)", SubnetSamples.address(100 + $0)) }
    let console = Console(SubnetSamples.description(besides: more))
    for index in 0..<10 {
      #expect(console.refusal("AssociateHaVipInstance", Self.association("ins-m\(index)")) == nil)
    }
    #expect(
      console.refusal("AssociateHaVipInstance", Self.association("ins-m10")) == "LimitExceeded")
  }
}
