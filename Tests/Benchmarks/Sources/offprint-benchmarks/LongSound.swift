import Acoustics
import Glibc
import Separation
import Tensors
import UniversalSeparation

/// A published network, or a scaled one, that takes a file apart into files.
struct FileSeparator {
  let sampleRate: Double
  let channels: Int
  /// Separates the first file into files at paths that begin with the second.
  let separate: (String, String) throws -> Void

  private init(_ model: some Separator) {
    (sampleRate, channels) = (model.sampleRate, model.channelCount)
    separate = { file, outputs in
      try model.separate(file: file, to: (0..<model.sourceCount).map { "\(outputs)-\($0).wav" })
    }
  }

  private init(_ network: ConditionalUNet, condition: Tensor<Float>) {
    (sampleRate, channels) = (network.configuration.sampleRate, 1)
    separate = { file, outputs in try network.separate(file: file, condition: condition, to: "\(outputs)-0.wav") }
  }

  /// The network of a name, with fresh weights; nil for a name that is not known.
  static func named(_ name: String) throws -> FileSeparator? {
    var random = RandomStream(seed: 1)
    switch name {
    case "conv-tasnet": return FileSeparator(try ConvTasNet(.base, random: &random))
    case "conv-tasnet-scaled": return FileSeparator(try ConvTasNet(.scaled, random: &random))
    case "mossformer2-scaled": return FileSeparator(try MossFormer2(.scaled, random: &random))
    case "mossformer2": return FileSeparator(try MossFormer2(.base, random: &random))
    case "demucs": return FileSeparator(try Demucs(.base, random: &random))
    case "resunet30":
      let network = try ConditionalUNet(.published(conditionSize: 527), random: &random)
      return FileSeparator(network, condition: random.uniform([527], in: 0..<1))
    default: return nil
    }
  }
}

/// Separates a made file of some minutes into files and prints peak memory and the real-time factor: a process of its own for each.
func separateLongSound(_ name: String, minutes: Double) throws {
  guard let model = try FileSeparator.named(name) else {
    print(
      "unknown network \"\(name)\"; known: conv-tasnet, conv-tasnet-scaled, mossformer2, mossformer2-scaled, demucs, resunet30"
    )
    exit(2)
  }
  let folder = "/tmp/offprint-long-sound-\(getpid())"
  mkdir(folder, 0o755)
  let mixture = folder + "/mixture.wav"
  try writeBabble(to: mixture, minutes: minutes, model)
  TensorMemory.resetPeak()
  let (before, start, cpu) = (peakMemory(), Stopwatch(threads: 2).seconds(), Stopwatch(threads: 1).seconds())
  try model.separate(mixture, folder + "/part")
  let (wall, work) = (Stopwatch(threads: 2).seconds() - start, Stopwatch(threads: 1).seconds() - cpu)
  let seconds = 60 * minutes
  print(
    "{\"name\": \"\(name)\", \"minutes\": \(minutes), \"threads\": \(Threads.count), \"peak\": \(peakMemory()), \"before\": \(before), \"tensors\": \(TensorMemory.statistics.peak), \"fresh buffers\": \(TensorMemory.statistics.misses), \"cached\": \(TensorMemory.statistics.cached), "
      + "\"wall\": \(wall), \"processor\": \(work), \"real-time factor\": \(wall / seconds), \"processor factor\": \(work / seconds)}"
  )
  for file in ["mixture.wav"] + (0..<4).map({ "part-\($0).wav" }) { unlink(folder + "/" + file) }
  rmdir(folder)
}

/// Two voices that babble, second by second, so that making the file takes no memory to speak of.
private func writeBabble(to path: String, minutes: Double, _ model: FileSeparator) throws {
  var random = RandomStream(seed: 2)
  let writer = try AudioWriter(path: path, channels: model.channels, sampleRate: model.sampleRate)
  for _ in 0..<Int(minutes * 6) {
    let voices = [SyntheticVoice.low, .high].map {
      $0.babble(seconds: 10, sampleRate: model.sampleRate, &random)
    }
    let sum = zip(voices[0], voices[1]).map(+)
    try writer.append(Array(repeating: sum, count: model.channels))
  }
  try writer.close()
}
