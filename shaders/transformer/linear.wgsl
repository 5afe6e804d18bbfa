// What a workgroup of a product adds up: of the parts [firstPart, endPart) the terms [first, end), into slice `slice`.
struct Sum { firstPart: u32, endPart: u32, first: u32, end: u32, slice: u32 }

// Where the parameters of a layer begin in `weights` and `bias`, which span those of up to three.
fn weightsStart(part: u32) -> u32 {
  return select(select(shape.weights2, shape.weights1, part == 1u), shape.weights0, part == 0u);
}
fn biasStart(part: u32) -> u32 {
  return select(select(shape.bias2, shape.bias1, part == 1u), shape.bias0, part == 0u);
}
