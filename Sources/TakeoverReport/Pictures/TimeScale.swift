// From moments to places on a picture: a stretch of the axis, its zero, and round ticks.

internal import TakeoverModel

struct TimeScale: Sendable {
  let shown: Window
  /// What the ticks count from: the blow.
  let zero: Moment
  /// Where the stretch is drawn.
  let places: ClosedRange<Double>

  func place(_ moment: Moment) -> Double {
    let length = Double(max(shown.length.nanoseconds, 1))
    let part = Double(moment.since(shown.from).nanoseconds) / length
    let place = places.lowerBound + part * (places.upperBound - places.lowerBound)
    return max(places.lowerBound, min(place, places.upperBound))
  }

  func isShown(_ interval: Interval) -> Bool {
    interval.latest >= shown.from && interval.earliest <= shown.to
  }

  struct Tick: Sendable {
    var place: Double
    var words: String
  }

  /// At most `most` of them, at 1, 2 or 5 times a power of ten.
  func ticks(most: Int) -> [Tick] {
    let length = max(shown.length.nanoseconds, 1)
    let step = Self.step(length, most: most)
    let first = shown.from.since(zero).nanoseconds
    let last = shown.to.since(zero).nanoseconds
    // Rounded up to the first multiple of the step.
    var at = first / step * step + (first > 0 && first % step != 0 ? step : 0)
    var ticks: [Tick] = []
    while at <= last, ticks.count <= most {
      let words = at == 0 ? "0" : TimeText.chosen(.nanoseconds(at))
      ticks.append(Tick(place: place(zero + .nanoseconds(at)), words: words))
      at = at.saturatingPlus(step)
    }
    return ticks
  }

  private static func step(_ length: Int64, most: Int) -> Int64 {
    var step: Int64 = 1
    let steps: [Int64] = [2, 5, 10]
    while true {
      for factor in [1] + steps where length / (step * factor) < Int64(max(most, 1)) {
        return step * factor
      }
      guard step < Int64.max / 100 else { return step }
      step *= 10
    }
  }
}
