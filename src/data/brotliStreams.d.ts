/** A part of hyparquet-compressors that comes without types. */
declare module 'hyparquet-compressors/src/brotli.streams.js' {
  export class BrotliOutput {
    readonly pos: number
    write: (this: BrotliOutput, bytes: Uint8Array, count: number) => number
  }
}
