extension Dataset {
  /// Every set with a description.
  public static var all: [Dataset] {
    [
      chromatograms, fashionMNIST, heterophilousGraphs, instrumentSamples, miniLM, musicStems, smallTables, soundStamps,
      speechPrompts, spokenDigits, tinyShakespeare,
    ]
  }
}
