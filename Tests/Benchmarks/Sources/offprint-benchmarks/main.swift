import Glibc
import Tensors

// offprint-benchmarks <threads> <seconds a workload> [name part]: one line of JSON for each workload.
// offprint-benchmarks <threads> file <network> <minutes>: memory and time of separating a file of some minutes.
let arguments = CommandLine.arguments
Threads.count = arguments.count > 1 ? Int(arguments[1]) ?? 1 : 1
if arguments.count == 5, arguments[2] == "file", let minutes = Double(arguments[4]) {
  try separateLongSound(arguments[3], minutes: minutes)
  exit(0)
}
let stopwatch = Stopwatch(threads: Threads.count)
let budget = arguments.count > 2 ? Double(arguments[2]) ?? 1 : 1
let all =
  workloads + signalWorkloads + solverWorkloads + clusteringWorkloads + sheafWorkloads + lightningWorkloads
  + diffusionWorkloads + flowWorkloads + probingWorkloads + queriedWorkloads + sweepWorkloads
  + universalWorkloads
for workload in all where arguments.count < 4 || workload.name.contains(arguments[3]) {
  var random = RandomStream(seed: 1)
  TensorMemory.releaseCache()
  TensorMemory.resetPeak()
  let body = workload.make(&random)
  let time = stopwatch.median(budget: budget, body)
  print(
    "{\"name\": \"\(workload.name)\", \"seconds\": \(time), \"peak\": \(peakMemory()), \"tensors\": \(TensorMemory.statistics.peak)}"
  )
}
