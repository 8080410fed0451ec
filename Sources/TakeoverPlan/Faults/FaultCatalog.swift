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

    // Services beside stop-service, kill-process and freeze-process.
    RestartService.self,
    ReloadService.self,
    StopUnderLoad.self,
    RestartStorm.self,

    // Resources.
    CPUStarvation.self,
    MemoryPressure.self,
    DiskFull.self,
    DescriptorsExhausted.self,
    ProcessTableFull.self,
    ClockStep.self,

    // Health checks.
    CheckFails.self,
    CheckHangs.self,
    CheckSlow.self,
    CheckFlaps.self,
  ])
}
