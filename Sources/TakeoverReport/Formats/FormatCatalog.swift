// Every file of a report, in the order in which they are written.

package import TakeoverModel

package enum FormatCatalog {
  package static func formats(
    dialect: JUnitReport.Dialect = .standard, attachments: [String] = []
  ) -> Catalog<any ReportFormat> {
    Catalog([
      ResultsReport(), MarkdownReport(),
      JUnitReport(dialect: dialect, attachments: attachments),
    ])
  }
}
