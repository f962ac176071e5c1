/// The notebook that `offprint new` writes.
enum Starter {
  static func text(title: String) -> String {
    """
    ---
    title: \(title)
    params:
      points: 200
    profiles:
      full: { points: 2000 }
    ---

    A notebook is Markdown with Swift cells. The last expression of a cell is shown.

    ```swift
    //| label: fig-decay
    //| caption: A damped oscillation.
    let times = (0..<params.points).map { 10 * Double($0) / Double(params.points) }
    let values = times.map { exp(-$0 / 3) * cos(3 * $0) }
    Figure { Line(times, values).label("x(t)") }
      .xAxis("time", unit: "s")
      .yAxis("displacement", unit: "m")
    ```

    In @fig-decay the oscillation ends at `{swift} values[params.points - 1]` m.

    ```swift
    //| label: claims
    let last = abs(values[params.points - 1])
    Claim("the oscillation dies out", id: "decay", measured: last, unit: "m", holds: last < 0.1)
    ```

    """
  }
}
