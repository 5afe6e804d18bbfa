/** What the tests of the kernels gave; written anew after each file. */
export interface TestReport {
  readonly files: readonly TestFile[]
  /** The file that was running when this was written; null at the end. */
  readonly running: string | null
}

export interface TestFile {
  readonly file: string
  readonly passed: number
  readonly seconds: number
  readonly failures: readonly { readonly name: string; readonly message: string }[]
}
