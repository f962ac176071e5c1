// What every cell imports: the whole runtime and all models under one name.
@_exported public import Chromatography
@_exported public import Datasets
@_exported public import Display
@_exported public import Signals
@_exported public import Solvers
@_exported public import Tensors
