// Numbers as `packing.py` sends them, to the last bit.
const NUMBERS = { i1: Int8Array, i2: Int16Array, i4: Int32Array, f4: Float32Array, f8: Float64Array };

function unpacked(packed) {
  if (typeof packed === "number") return packed;
  if (Array.isArray(packed)) return Float64Array.from(packed);
  const bytes = Uint8Array.from(atob(packed.bytes), (letter) => letter.charCodeAt(0));
  const values = Float64Array.from(new NUMBERS[packed.type](bytes.buffer));
  if (packed.per > 1) values.forEach((value, i) => { values[i] = value / packed.per; });
  return values;
}
