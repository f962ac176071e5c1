// What every cell imports: the whole runtime under one name.
@_exported public import Display

// Mathematical functions without a further import.
@_exported public import Glibc
@_exported public import Plots
