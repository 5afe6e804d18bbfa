// What a workgroup of a product adds up: of the parts [firstPart, endPart) the terms [first, end), into slice `slice`.
struct Sum { firstPart: u32, endPart: u32, first: u32, end: u32, slice: u32 }

// One of the starts of up to three layers.
fn ofPart(part: u32, first: u32, second: u32, third: u32) -> u32 {
  return select(select(third, second, part == 1u), first, part == 0u);
}
// Where the weights of a layer begin in `weights`, which spans those of up to three.
fn weightsStart(part: u32) -> u32 { return ofPart(part, shape.weights0, shape.weights1, shape.weights2); }
