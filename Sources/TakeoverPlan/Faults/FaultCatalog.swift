// Every kind of fault, in the order in which help and documentation show them. A new kind is one
// file beside this one and one line here.

package import TakeoverModel

package enum FaultCatalog {
  package static let faults = Catalog<any Fault.Type>([
    StopService.self,
    KillProcess.self,
    FreezeProcess.self,
    LinkDown.self,
    DropTraffic.self,
    // Rogues, and other machines beside the pair.
    RogueOwner.self,
    RogueAnnouncer.self,
    RogueSpeaker.self,
    AnnouncementStorm.self,
    PinnedNeighbour.self,
    // From outside: the switch, and whoever carries the node.
    CarrierLoss.self,
    PortBlocked.self,
    SwitchForgets.self,
    NodePause.self,
    PowerOff.self,
    Reboot.self,
    KernelPanic.self,

    // Links and addresses.
    LinkFlap.self,
    AddressDelete.self,
    AddressDuplicate.self,
    AddressFlush.self,
    MTUChange.self,
    MACChange.self,

    // The network between.
    PartitionPeer.self,
    PartitionClients.self,
    OneWayLoss.self,
    PacketLoss.self,
    RejectTraffic.self,
    DropGoodbyes.self,
    DropAnnouncements.self,
    DelayAnnouncements.self,
    DuplicateAnnouncements.self,
    DropNeighbourDiscovery.self,
    RateLimit.self,
    DelayTraffic.self,
    DuplicateTraffic.self,
    ReorderTraffic.self,
    CorruptTraffic.self,
    // Configuration
    EditConfiguration.self,
    ReloadUnchanged.self,
    ChangePriority.self,
    ChangeInterval.self,
    ChangeVRID.self,
    AddAddress.self,
    RemoveAddress.self,
    RemoveInstance.self,
    WrongPassword.self,
    LosePeers.self,
    StateMaster.self,
    StrictMode.self,
    // The user's own
    Exec.self,

    // Services beside stop-service, kill-process and freeze-process.
    RestartService.self,
    ReloadService.self,
    StopUnderLoad.self,
    RestartStorm.self,

    // Resources.
    CPUStarvation.self,
    MemoryPressure.self,
    DiskFull.self,
    DiskSlow.self,
    DescriptorsExhausted.self,
    ProcessTableFull.self,
    ClockStep.self,
    ClockSkew.self,

    // Health checks.
    CheckFails.self,
    CheckHangs.self,
    CheckSlow.self,
    CheckFlaps.self,
  ])
}
