// Sync groups: instances that move together.

internal import TakeoverModel

enum GroupMemberIsUnknown: LintRule {
  static let declaration = Rule(
    "KA130", .error, "a sync group names an instance that does not exist",
    "The daemon says so in its log and goes on without: what was to move together does not.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.groups.flatMap { member, group in
      group.members.filter { name in
        !member.configuration.instances.contains { $0.name == name.value }
      }.map { name in
        finding(
          at: name.place, of: member,
          "\(group.name): there is no vrrp_instance \(name.value); the others move without it",
          mend: "the name of an instance: "
            + Words.list(member.configuration.instances.map(\.name)))
      }
    }
  }
}

enum GroupOfOne: LintRule {
  static let declaration = Rule(
    "KA131", .warning, "a sync group with a single instance",
    "A group of one moves as one; its only effect is that the instance's weights are ignored.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.groups.filter { $0.group.members.count < 2 }.map { member, group in
      finding(
        at: group.place, of: member,
        "\(group.name) has \(group.members.isEmpty ? "no instance" : "one instance"): there is nothing "
          + "to keep together, and weights of its checks are ignored",
        mend: "both instances in group { }, or no vrrp_sync_group")
    }
  }
}

enum GroupsDiffer: LintRule {
  static let declaration = Rule(
    "KA132", .warning, "the sync groups differ",
    "Instances that move together on one node and apart on the other end up on different nodes.")

  static func findings(in pair: Pair) -> [LintFinding] {
    guard let first = pair.members.first else { return [] }
    let mine = pair.companions(of: first)
    return pair.members.dropFirst().compactMap { member -> LintFinding? in
      let theirs = pair.companions(of: member)
      guard mine != theirs else { return nil }
      let group = member.configuration.groups.first
      let odd = mine.symmetricDifference(theirs).first.map { Words.list($0.sorted()) } ?? ""
      return finding(
        at: group?.place ?? Place(file: member.configuration.file, line: 1, column: 1), of: member,
        "\(odd) are in one vrrp_sync_group on one of \(first.name) and \(member.name) only: they can "
          + "end up on different nodes",
        mend: "the same vrrp_sync_group on both nodes",
        and: first.configuration.groups.prefix(1).map {
          LintFinding.Other(member: first.name, place: $0.place)
        })
    }
  }
}

enum GroupIsTornApart: LintRule {
  static let declaration = Rule(
    "KA133", .error, "a sync group whose members prefer different nodes",
    "With half of a group having the higher priority on one node and half on the other, each election "
      + "drags the others along: constant re-elections (keepalived.conf(5), vrrp_sync_group).")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.groups.filter { $0.member.name == pair.members.first?.name }.compactMap { member, group in
      let names = Set(group.members.map(\.value))
      let routers = pair.routers.filter { router in
        router.seats.count > 1
          && router.seats.contains { $0.member.name == member.name && names.contains($0.name) }
      }
      let preferred = routers.compactMap { router -> (router: VirtualRouter, node: String)? in
        guard let first = router.byPriority.first, let second = router.byPriority.dropFirst().first,
          first.healthyPriority > second.healthyPriority
        else { return nil }
        return (router, first.member.name)
      }
      guard let one = preferred.first, let other = preferred.first(where: { $0.node != one.node }),
        let seat = other.router.seats.first(where: { $0.member.name == member.name })
      else { return nil }
      return finding(
        at: seat.priorityPlace, of: seat,
        "\(group.name) moves as one, but \(one.router.seats.first?.name ?? "") prefers \(one.node) and "
          + "\(seat.name) prefers \(other.node): the group is elected again and again",
        mend: "the higher priorities of the whole group on one node")
    }
  }
}

enum RoutersMoveApart: LintRule {
  static let declaration = Rule(
    "KA134", .note, "instances on several interfaces without a sync group",
    "A router or a firewall has an address inside and one outside. When only one of them moves, packets "
      + "go in at one node and out at none. A vrrp_sync_group moves them together; two independent "
      + "services need none.")

  static func findings(in pair: Pair) -> [LintFinding] {
    guard let member = pair.members.first else { return [] }
    let loose = pair.seats(of: member).filter { $0.group == nil && $0.instance.interface != nil }
    guard let first = loose.first,
      let other = loose.first(where: {
        $0.instance.interface?.value != first.instance.interface?.value
      })
    else { return [] }
    return [
      finding(
        at: other.instance.place, of: other,
        "is on \(other.instance.interface?.value ?? "") and \(first.name) on "
          + "\(first.instance.interface?.value ?? ""), in no sync group: one may move without the other",
        mend: "a vrrp_sync_group with \(first.name) and \(other.name), if they belong together",
        and: [first.other(nil)])
    ]
  }
}

enum GlobalTracking: LintRule {
  static let declaration = Rule(
    "KA135", .warning, "weights within a sync group",
    "global_tracking is deprecated, and sync_group_tracking_weight \"probably WON'T WORK\" "
      + "(keepalived.conf(5)): with different priorities in one group the nodes elect again and again. "
      + "Track things in the vrrp_sync_group itself, which changes all its members alike.")

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.groups.compactMap { member, group -> LintFinding? in
      guard let written = group.globalTracking, written.value else { return nil }
      return finding(
        at: written.place, of: member,
        "\(group.name) lets each instance keep the weights of its own checks: a check that fails for "
          + "one of them tears the group apart",
        mend: "track_script and track_interface in the vrrp_sync_group")
    }
  }
}

enum GroupPreemptsInPart: LintRule {
  static let declaration = Rule(
    "KA136", .warning, "a sync group of which only some instances preempt",
    "For a group to run reliably all its instances must be in one state (keepalived.conf(5), "
      + "vrrp_sync_group). One that preempts drags the others along, whatever their nopreempt says."
  )

  static func findings(in pair: Pair) -> [LintFinding] {
    pair.groups.compactMap { member, group -> LintFinding? in
      let names = Set(group.members.map(\.value))
      let seats = pair.seats(of: member).filter { names.contains($0.name) }
      guard let eager = seats.first(where: \.preempts),
        let calm = seats.first(where: { !$0.preempts })
      else { return nil }
      return finding(
        at: eager.instance.place, of: eager,
        "preempts, and \(calm.name) of the same \(group.name) has nopreempt: when \(eager.name) takes "
          + "its address back, the group moves with it",
        mend: "nopreempt and state BACKUP in every instance of \(group.name), or in none",
        and: [calm.other(calm.nopreemptPlace)])
    }
  }
}

extension Pair {
  var groups: [(member: Member, group: SyncGroup)] {
    members.flatMap { member in member.configuration.groups.map { (member, $0) } }
  }

  /// Which routers move together there, by their first seat's name.
  fileprivate func companions(of member: Member) -> Set<Set<String>> {
    Set(
      member.configuration.groups.map { group in
        let names = Set(group.members.map(\.value))
        return Set(
          routers.filter { router in
            router.seats.contains { $0.member.name == member.name && names.contains($0.name) }
          }.compactMap { $0.seats.first?.name })
      }.filter { $0.count > 1 })
  }
}
