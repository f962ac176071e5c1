let text = "<a byteorder=\"INTEL\" format=\"FLOAT64\">AAAA</a>"
let e = try XMLElement(parsing: Array(text.utf8))
print(e.attributes, e.attributes["byteorder"] == "INTEL", e.attributes["format"] ?? "none")
let size = ["FLOAT32": 4, "FLOAT64": 8][e.attributes["format"] ?? ""]
print(size as Any)
