// What every cell imports: the whole runtime and all models under one name, and C's mathematical functions.
@_exported public import Acoustics
@_exported public import Chromatography
@_exported public import Clustering
@_exported public import ConjugateDirections
@_exported public import Datasets
@_exported public import Display
@_exported public import Glibc
@_exported public import HigherOrderAttention
@_exported public import Layers
@_exported public import LightningAttention
@_exported public import Plots
@_exported public import Separation
@_exported public import Sheaves
@_exported public import Signals
@_exported public import Solvers
@_exported public import Statistics
@_exported public import Tensors
