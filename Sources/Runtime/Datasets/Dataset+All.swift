extension Dataset {
  /// Every set with a description.
  public static var all: [Dataset] { [chromatograms, instrumentSamples, musicStems, speechPrompts, spokenDigits] }
}
