// Every rule, in the order of its code. A new rule is one type in one of the files in Rules, and one
// line here.

package import TakeoverModel

package enum LintCatalog {
  package static let rules = Catalog<any LintRule.Type>([
    // The text.
    TextIsRefused.self, TextIsCorrected.self, TextIsMisunderstood.self, OnlyFilesAreKnown.self,
    OneNodeIsKnown.self,

    // What both nodes must say alike.
    InstanceIsAlone.self,
    RouterIDsDiffer.self,
    VersionsDiffer.self,
    IntervalsDiffer.self,
    ModesDiffer.self,
    AuthenticationDiffers.self,
    PasswordTailsDiffer.self,
    AddressesDiffer.self,
    AddressDetailsDiffer.self,
    ExcludedAddressesDiffer.self,
    DownTimersDiffer.self,
    GroupsOfMulticastDiffer.self,
    RoutesDiffer.self,
    ChecksDiffer.self,

    // Unicast.
    PeerIsMissing.self,
    PeerIsOneself.self,
    SourceIsUnset.self,
    SourceIsNotOwn.self,
    SourceIsVirtual.self,
    NoPeers.self,
    PeerIsVirtual.self,
    FamiliesOfPeersDiffer.self,

    // The election.
    MasterClearsNopreempt.self,
    MasterClearsPreemptDelay.self,
    BothAreMaster.self,
    PrioritiesAreEqual.self,
    NopreemptOnTheWrongNode.self,
    NopreemptClearsDelay.self,
    OwnerAlwaysPreempts.self,
    MasterWithoutPriority.self,
    BothAreOwners.self,

    // Weights.
    CheckDoesNotHandOver.self,
    NopreemptWithWeight.self,
    FailureRaises.self,
    BothFailingTurnsTheOrder.self,
    NobodyHolds.self,
    PriorityReachesItsBound.self,
    WeightIsThrownAway.self,

    // Checks, and their files.
    CheckIsUndefined.self,
    CheckIsUnused.self,
    CheckSeesOnlyTheProcess.self,
    ScriptPathIsRelative.self,
    ScriptHasNoCommand.self,
    NothingIsChecked.self,
    ScriptsDiffer.self,
    ScriptIsMissing.self,
    ScriptIsNotExecutable.self,
    ScriptIsInsecure.self,
    ScriptSecurityIsOff.self,
    ScriptUserIsUnset.self,
    NotifyIsMissing.self,
    NotifyPathIsRelative.self,

    // Times.
    FractionWithoutVersion3.self,
    SubSecondWithoutRealTime.self,
    TakeoverIsSlow.self,
    TakeoverIsHasty.self,
    OneLossMoves.self,
    ScriptOutlastsItsInterval.self,
    CheckIsSlow.self,
    OneFailureIsEnough.self,
    StartupIsDelayed.self,
    RealTimeIsKilled.self,

    // Announcements.
    RefreshIsUnset.self,
    SecondBurstIsOff.self,
    BurstIsSlow.self,
    LowerPriorityIsNotAnswered.self,

    // What the protocol allows.
    AddressIsUnreachable.self,
    StrictForbidsUnicast.self,
    StrictTakesAway.self,
    IPv6NeedsVersion3.self,
    FamiliesAreMixed.self,
    FirstAddressIsNotLinkLocal.self,
    AuthenticationIsIgnored.self,
    HeaderAuthentication.self,
    PasswordIsWellKnown.self,
    RouterNamesAreEqual.self,

    // Ids and addresses that are used once.
    RouterIDIsTaken.self,
    RouterIDIsReused.self,
    AddressIsTwice.self,
    NoAddress.self,
    RouterIDIsMissing.self,

    // The daemon's own firewall rules.
    DefaultChains.self,

    // Interfaces.
    InterfaceIsMissing.self,
    InterfaceIsDown.self,
    OwnInterfaceIsTracked.self,
    PrimaryIsNotTracked.self,
    TrackedInterfaceIsMissing.self,
    AddressIsElsewhere.self,
    VirtualMACWithUnicast.self,
    VirtualMACFiltersSources.self,
    RemovalTakesOthersAlong.self,

    // Sync groups.
    GroupMemberIsUnknown.self,
    GroupOfOne.self,
    GroupsDiffer.self,
    GroupIsTornApart.self,
    RoutersMoveApart.self,
    GlobalTracking.self,
    GroupPreemptsInPart.self,

    // The node itself.
    FirewallDropsAdvertisements.self,
    ServiceCannotBind.self,
    DaemonVersionsDiffer.self,
    DaemonDoesNotRun.self,
    BothHold.self,

    // A HAVIP's subnet.
    MulticastInACloud.self,
    HAVIPMovesBack.self,
    HAVIPIsOutsideTheSubnet.self,
    TooManyHAVIPs.self,
    HAVIPWithStrict.self,
    HAVIPAnnouncesTooMuch.self,
    HAVIPWithVirtualMAC.self,
  ])

  package static var declarations: [LintDeclaration] { rules.kinds.map { $0.declaration } }

  package static func declaration(of code: String) -> LintDeclaration? {
    declarations.first { $0.code == code }
  }
}
