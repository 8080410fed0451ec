// Every kind of fault, in the order in which help and documentation show them. A new kind is one
// file in one of the folders beside this one, and one line here.

package import TakeoverModel

package enum FaultCatalog {
  package static let faults = Catalog<any Fault.Type>([
    // Services and their processes.
    StopService.self,
    RestartService.self,
    ReloadService.self,
    KillProcess.self,
    FreezeProcess.self,
    StopUnderLoad.self,
    RestartStorm.self,

    // Health checks.
    CheckFails.self,
    CheckHangs.self,
    CheckSlow.self,
    CheckFlaps.self,

    // Links and addresses.
    LinkDown.self,
    LinkFlap.self,
    CarrierLoss.self,
    MTUChange.self,
    MACChange.self,
    AddressDelete.self,
    AddressDuplicate.self,
    AddressFlush.self,

    // The network between.
    DropTraffic.self,
    PartitionPeer.self,
    PartitionClients.self,
    OneWayLoss.self,
    PacketLoss.self,
    RejectTraffic.self,
    RateLimit.self,
    DelayTraffic.self,
    DuplicateTraffic.self,
    ReorderTraffic.self,
    CorruptTraffic.self,

    // Layer 2 and the protocol.
    DropGoodbyes.self,
    DropAnnouncements.self,
    DelayAnnouncements.self,
    DuplicateAnnouncements.self,
    DropNeighbourDiscovery.self,
    AnnouncementStorm.self,
    RogueOwner.self,
    RogueAnnouncer.self,
    RogueSpeaker.self,
    PinnedNeighbour.self,
    SwitchForgets.self,
    PortBlocked.self,

    // The whole node.
    PowerOff.self,
    NodePause.self,
    Reboot.self,
    KernelPanic.self,

    // Resources, and the clock.
    CPUStarvation.self,
    MemoryPressure.self,
    DiskFull.self,
    DiskSlow.self,
    DescriptorsExhausted.self,
    ProcessTableFull.self,
    ClockStep.self,
    ClockSkew.self,

    // Configuration.
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

    // The user's own.
    Exec.self,
  ])
}
