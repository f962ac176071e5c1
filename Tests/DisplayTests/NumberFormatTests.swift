import Display
import Testing

@Suite("Numbers for readers")
struct NumberFormatTests {
  @Test(
    "are written with the digits asked for",
    arguments: [
      (NumberFormat.automatic, 495.0, "495"), (.automatic, 0.48123, "0.4812"), (.automatic, -2.5, "\u{2212}2.5"),
      (.automatic, 0, "0"), (.automatic, 123456, "123456"), (.automatic, 1.5e-7, "1.5\u{A0}×\u{A0}10⁻⁷"),
      (.automatic, 2.0e12, "2\u{A0}×\u{A0}10¹²"), (.automatic, .nan, "–"), (.automatic, -.infinity, "\u{2212}∞"),
      (.decimals(2), 3.14159, "3.14"), (.decimals(0), -0.4, "\u{2212}0"), (.significant(2), 0.0123456, "0.012"),
      (.scientific(1), 12345, "1.2\u{A0}×\u{A0}10⁴"), (.percent(1), 0.4567, "45.7\u{A0}%"),
    ]
  )
  func format(_ format: NumberFormat, _ value: Double, _ text: String) {
    #expect(format.string(value) == text)
  }

  @Test("with an uncertainty keep two digits of it")
  func uncertainty() {
    #expect(NumberFormat.string(12.3456, uncertainty: 0.123) == "12.35\u{A0}±\u{A0}0.12")
    #expect(NumberFormat.string(1234, uncertainty: 56) == "1234\u{A0}±\u{A0}56")
    #expect(NumberFormat.string(2.5, uncertainty: 0) == "2.5")
  }
}
