// output = the `count` entries of largest size of every row of x [rows, width], the others as 0; of equal ones the
// first stay. The bits of |x| are in the order of the numbers. First it finds the largest `cut` that `count` entries
// reach, two bits a pass; then the place `end`, before which entries equal to `cut` stay. `zeros` [rows] says up to
// which place entries that are 0 stay.
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read> count: array<f32>;
@group(0) @binding(3) var<storage, read_write> output: array<u32>;
@group(0) @binding(4) var<storage, read_write> zeros: array<u32>;

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let row = (group.x + group.y * groups.x) * (threads / lanes) + thread / lanes;
  let lane = thread % lanes;
  let first = row * shape.width;
  let wanted = min(count[0], f32(shape.width));

  var cut = 0u;
  for (var shift = 30u; ; shift -= 2u) {
    let candidates = vec3u(cut) + (vec3u(1u, 2u, 3u) << vec3u(shift));
    var reached = vec3u();
    for (var i = lane; i < shape.width; i += lanes) { reached += vec3u(vec3u(sizeAt(first + i)) >= candidates); }
    cut += numberOf(sums(thread, reached) >= vec3f(wanted)) << shift;
    if (shift == 0u) { break; }
  }

  var larger = 0u;
  for (var i = lane; i < shape.width; i += lanes) { larger += u32(sizeAt(first + i) > cut); }
  let equals = wanted - sumOfLanes(thread, f32(larger));
  var last = 0u;
  for (var shift = 14u; ; shift -= 2u) {
    let candidates = vec3u(last) + (vec3u(1u, 2u, 3u) << vec3u(shift));
    var before = vec3u();
    for (var i = lane; i < shape.width; i += lanes) {
      before += vec3u((vec3u(i) < candidates) & vec3<bool>(sizeAt(first + i) == cut));
    }
    last += numberOf(sums(thread, before) < vec3f(equals)) << shift;
    if (shift == 0u) { break; }
  }

  if (row >= shape.rows) { return; }
  let end = select(0u, last + 1u, equals > 0.0);
  for (var i = lane; i < shape.width; i += lanes) {
    let size = sizeAt(first + i);
    output[first + i] = select(0u, x[first + i], size > cut || (size == cut && i < end));
  }
  if (lane == 0u) { zeros[row] = select(0u, end, cut == 0u); }
}

fn sizeAt(i: u32) -> u32 { return x[i] & 0x7fffffffu; }

fn numberOf(which: vec3<bool>) -> u32 { return u32(which.x) + u32(which.y) + u32(which.z); }

fn sums(thread: u32, own: vec3u) -> vec3f {
  return vec3f(sumOfLanes(thread, f32(own.x)), sumOfLanes(thread, f32(own.y)), sumOfLanes(thread, f32(own.z)));
}
