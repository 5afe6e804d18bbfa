/** Made by scripts/assembly.mjs: the kernels as modules in base64. */
declare module 'virtual:kernels' {
  /** For a memory of one thread. */
  export const plain: string
  /** For a memory that threads share. */
  export const shared: string
}
