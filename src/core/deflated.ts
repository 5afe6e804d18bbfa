/** Bytes in the zlib format (RFC 1950), at the platform's own level. */
export async function deflated(arrays: readonly ArrayBufferView[]): Promise<Uint8Array<ArrayBuffer>> {
  return streamed(arrays, new CompressionStream('deflate'))
}

/** Bytes from the zlib format. @throws TypeError when they are damaged */
export async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return streamed([bytes], new DecompressionStream('deflate'))
}

async function streamed(arrays: readonly ArrayBufferView[], by: CompressionStream | DecompressionStream) {
  const blob = new Blob(arrays as ArrayBufferView<ArrayBuffer>[])
  return new Uint8Array(await new Response(blob.stream().pipeThrough(by)).arrayBuffer())
}
