// Every file of a report, in the order in which they are written.

package import TakeoverModel

package enum FormatCatalog {
  /// `folder`: the run's, as a CI's reader of attachments resolves it.
  package static func formats(
    dialect: JUnitReport.Dialect = .standard, folder: String? = nil
  ) -> Catalog<any ReportFormat> {
    Catalog([
      ResultsReport(), MarkdownReport(), PageReport(),
      JUnitReport(dialect: dialect, folder: folder), MetricsReport(),
    ])
  }
}
