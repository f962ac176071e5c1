// What every cell imports: the whole runtime under one name.
@_exported public import Display
@_exported public import Plots
