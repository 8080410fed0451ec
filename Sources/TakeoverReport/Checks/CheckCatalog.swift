// Every kind of check, in the order in which help and documentation list them.

package import TakeoverModel

package enum CheckCatalog {
  package static let checks = Catalog<any Check.Type>([
    AsConfigured.self,
    TakeoverWithin.self,
    OutageWithin.self,
    SingleHolder.self,
    AnnouncedWithin.self,
    CachesHealed.self,
    StaleWithin.self,
    LastAnnouncement.self,
    Transitions.self,
    TransitionsAtMost.self,
    Stays.self,
    Failback.self,
    FailbackNotBefore.self,
    UnownedWithin.self,
    ServiceWithin.self,
    RightNodeWithin.self,
    StatesAgreeWithin.self,
    DaemonAgrees.self,
    DaemonStays.self,
    AdvertisementJitter.self,
    AnnouncementsPerSecond.self,
    Strangers.self,
    // What the plan's own commands told
    Observed.self,
  ])
}
