// The numbers at the two ends of the map's colours, from the bins of `tally`: edges of the bins in which the 1st and
// the 99th percentile lie, so that they change seldom. Both are 0 where no weight has a number. Clears the bins. One
// workgroup.
@group(0) @binding(0) var<uniform> tint: Tint;
@group(0) @binding(1) var<storage, read_write> bins: array<u32, binCount>;
@group(0) @binding(2) var<storage, read_write> range: array<f32, 2>;

const each = binCount / workgroupSize;
const zeroBin = binCount / 2u;

fn binAt(at: Found, count: u32) -> u32 {
  var before = at.before;
  var bin = at.slot * each;
  while (before + bins[bin] < count) {
    before += bins[bin];
    bin++;
  }
  return bin;
}

// The size of a number at the inner edge of the nth bin from 0; it is never infinite.
fn edge(bin: u32) -> f32 { return bitcast<f32>(min(bin << binShift, 0x7f7fffffu)); }

fn lowerEdge(bin: u32) -> f32 {
  if (bin >= zeroBin) { return edge(bin - zeroBin); }
  return select(-edge(zeroBin - bin), 0.0, bin == zeroBin - 1u);
}

fn upperEdge(bin: u32) -> f32 {
  if (bin < zeroBin) { return -edge(zeroBin - 1u - bin); }
  return select(edge(bin - zeroBin + 1u), 0.0, bin == zeroBin);
}

fn spanned(low: f32, high: f32) -> vec2f {
  let widest = max(high, -low);
  let lowest = select(0.0, min(low, 0.0), tint.span == signedSpan);
  return select(vec2f(lowest, max(high, lowest)), vec2f(-widest, widest), tint.span == symmetricSpan);
}

@compute @workgroup_size(workgroupSize)
fn main(@builtin(local_invocation_index) local: u32) {
  var sum = 0u;
  for (var k = 0u; k < each; k++) { sum += bins[local * each + k]; }
  // More than there can be: what lies before its place is all there is.
  let total = locate(local, sum, 0xffffffffu).before;
  let beyond = total / 100u;
  let low = locate(local, sum, beyond + 1u);
  let high = locate(local, sum, max(total - beyond, 1u));
  if (local == 0u) {
    var ends = vec2f();
    if (total != 0u) { ends = spanned(lowerEdge(binAt(low, beyond + 1u)), upperEdge(binAt(high, total - beyond))); }
    range[0] = ends.x;
    range[1] = ends.y;
  }
  storageBarrier();
  for (var k = 0u; k < each; k++) { bins[local * each + k] = 0u; }
}
