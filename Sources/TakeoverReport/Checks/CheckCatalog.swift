// Every kind of check, in the order in which help and documentation list them.

package import TakeoverModel

package enum CheckCatalog {
  package static let checks = Catalog<any Check.Type>([
    TakeoverWithin.self,
    OutageWithin.self,
    SingleHolder.self,
    AnnouncedWithin.self,
    CachesHealed.self,
    Transitions.self,
    Failback.self,
    // What the plan's own commands told
    Observed.self,
  ])
}
