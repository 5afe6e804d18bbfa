#!/usr/bin/env bash
# Packs what a Linux host (x86-64) with an NVIDIA card and no network needs to test and time this project: Node, Dawn,
# the bundled benchmark, the tests of the kernels, the command line, and Vulkan's loader with what NVIDIA's driver asks for.
#
#   scripts/gpu-host.sh [FILE]                 # writes .cache/gpu-host.tar.xz, about 30 MB, or FILE
#
# Then, on the host:
#
#   tar -xf gpu-host.tar.xz && gpu-host/run RESULTS --data DATA     # six minutes; RESULTS/table.md
#
# DATA holds cifar10/*.parquet and may be left out. Where tar knows no xz: python3 -c 'import tarfile;
# tarfile.open("gpu-host.tar.xz").extractall()'.
set -euo pipefail
file=$(realpath -m "${1:-"$(dirname "$0")/../.cache/gpu-host.tar.xz"}")
cd "$(dirname "$0")/.."
refuse() { echo "$1" >&2 && exit 1; }
[ "$(uname -sm)" = 'Linux x86_64' ] || refuse 'Pack on Linux on x86-64: Node and Dawn are copied from here.'
node=$(node -p process.execPath)
! ldd "$node" | grep -q libnode || refuse "$node needs libraries of this machine. Pack with Node from nodejs.org."

npm run --silent bench:bundle -- --logLevel warn
pack=.cache/gpu-host
rm -rf "$pack"
mkdir -p "$pack/bin" "$pack/lib" "$pack/node_modules/webgpu/dist"
cp -r .cache/bench/. scripts/bench_torch.py "$pack/"
cp "$node" "$pack/bin/node"
cp node_modules/webgpu/{package.json,index.js,LICENSE.md} "$pack/node_modules/webgpu/"
cp -r node_modules/webgpu/dist/linux-x64 "$pack/node_modules/webgpu/dist/"
for name in vulkan.so.1 GLdispatch.so.0 GLX.so.0 EGL.so.1 X11.so.6 Xext.so.6 xcb.so.1 Xau.so.6 Xdmcp.so.6 bsd.so.0 \
  md.so.0; do
  library=$(ldconfig -p | awk -v name="lib$name" '$1 == name && /x86-64/ { print $NF }' | head -n 1)
  cp -L "${library:-/not/here}" "$pack/lib/lib$name" 2>/dev/null || echo "Not installed here, so not packed: lib$name" >&2
done
cat >"$pack/run" <<'RUN'
#!/usr/bin/env bash
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
exec "$here/bin/node" "$here/gpuHost.mjs" "$@"
RUN
chmod +x "$pack/run"
XZ_OPT=-T0 tar -C .cache -cJf "$file" gpu-host
size=$(stat -c %s "$file")
echo "$file: $((size / 1000000)) MB"
[ "$size" -lt $((64 << 20)) ] || refuse 'That is more than 64 MiB: bundle less (vite.bench.config.ts).'
