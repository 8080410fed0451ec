// Which time zones there are: names of the IANA database, as this machine knows them.

internal import Foundation

enum TimeZoneName {
  static var all: [String] { TimeZone.knownTimeZoneIdentifiers }

  /// Foundation takes abbreviations (CST) and offsets (GMT+1), too; a site's file does not.
  static func exists(_ name: String) -> Bool {
    name == "UTC" || (name.contains("/") && TimeZone(identifier: name) != nil)
  }
}
