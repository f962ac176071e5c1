extension Dataset {
  /// Measured chromatograms: four liquid ones of lactose, one gas chromatogram of gasoline.
  ///
  /// `lactose/*.csv`: time in minutes, detector counts, the concentration in mM in the name. `gasoline/PE_Turbochrom_GC.gaml`: 2912
  /// points over 122 minutes with the vendor's peak table.
  public static let chromatograms = Dataset(
    name: "chromatograms",
    summary: "four measured liquid chromatograms of lactose and one gas chromatogram of gasoline",
    licence: "lactose: GPL-3.0; gasoline: EPL-1.0 (the vendor's own terms for its demonstration file are not known)",
    source: "github.com/cremerlab/hplc-py at 391f9ee0, docs/source/tutorials/data/calibration; "
      + "github.com/OpenChrom/openchrom at 6a6cc6f6, test data of the GAML converter",
    files: [
      File("LICENSE-hplc-py", sha256: "4a03dc6eb67c255f17154376ec3b99af63c21820d3ad36703db4eb76acf9d3ce"),
      File("gasoline/LICENSE-openchrom", sha256: "ed8d7a24769ac9d57d08769b5f8be27519dd8811d06b0995dbe8ca6714e96d08"),
      File(
        "gasoline/PE_Turbochrom_GC.gaml",
        sha256: "57297b7d22736f03012d0433a629b79ffe65f2cf205741cd849773cdb08fc45a"
      ),
      File("lactose/lactose_mM_0.5.csv", sha256: "4a4de2575098f3ffea609633d0b2e312d38731d070c48fa977affc5f680ffdf3"),
      File("lactose/lactose_mM_1.csv", sha256: "9bb8e4e639741d3877486b2be195f7485fc129f83a560c3f53c5d43c047b9a2e"),
      File("lactose/lactose_mM_3.csv", sha256: "7beefc3ef2a14e502c5f084bdee37fb699d84c3f84b6f64418580d00fa05e7af"),
      File("lactose/lactose_mM_6.csv", sha256: "aff86e7f1982e66f2eedef486c867d0d55b20b0e2f78c9fdf17269abd37e2b1c"),
    ]
  )
}
