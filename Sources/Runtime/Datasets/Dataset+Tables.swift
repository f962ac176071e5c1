extension Dataset {
  /// Four small tables: handwritten digits of 8 × 8 pixels, irises, wines, and cells of breast cancer.
  ///
  /// `digits.csv.gz`: 1797 rows without header, 64 pixels 0…16 and the class. The others begin with a line of rows, features and
  /// names of the classes; the class stands last in each row.
  public static let smallTables = Dataset(
    name: "small-tables",
    summary: "handwritten digits of 8 × 8 pixels, irises, wines, breast cancer",
    licence: "CC BY 4.0 (UCI Machine Learning Repository), in the form that scikit-learn ships (BSD-3-Clause)",
    source: "https://raw.githubusercontent.com/scikit-learn/scikit-learn/1.9.1/sklearn/datasets/data",
    files: File.all(
      [
        File("breast_cancer.csv", sha256: "fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed"),
        File("digits.csv.gz", sha256: "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"),
        File("iris.csv", sha256: "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449"),
        File("wine_data.csv", sha256: "10e8a802908b34f86e5da8ce962f3c806694bc98450a18f61851af59f324bede"),
      ],
      below: "https://raw.githubusercontent.com/scikit-learn/scikit-learn/1.9.1/sklearn/datasets/data"
    )
  )
}
