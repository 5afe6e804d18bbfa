/** A readable byte source of known length: a file, a URL with range requests, memory. `slice` is [start, end). */
export interface Bytes {
  readonly byteLength: number
  /** Changes whenever the content does (ETag, modification time); absent where that is unknown. */
  readonly version?: string
  /** The repository's commit that a server says the file is of; pages are seldom told. */
  readonly commit?: string
  /** True where all of it has been fetched already. */
  readonly whole?: true
  slice(start: number, end?: number): Promise<ArrayBuffer>
}

/** A file that the user dropped or named. */
export interface NamedFile {
  readonly name: string
  readonly bytes: Bytes
}

/** How to ask for a file over HTTP. */
export interface FetchOptions {
  /** Ends the reads of the file, too. */
  readonly signal?: AbortSignal
  /** The file's length from another source, null where there is none; asked where the server hides it. */
  readonly length?: () => Promise<number | null>
  /** Called where only the whole file can be had: bytes so far, and bytes in all (0 while unknown). */
  readonly arrived?: (bytes: number, total: number) => void
}

/** Threads of the machine, where they can share memory with each other. */
export interface Threads {
  /** How many are wanted for one piece of work, the one that hands it out included. */
  readonly count: number
  /** Runs a program, the body of a function of `data`, in a thread of its own. */
  readonly start: (program: string, data: unknown) => { stop(): void }
}

/** Bytes by key that outlive a visit. No call fails: where there is no room or no such place, nothing is kept. */
export interface Store {
  /** @returns null on a miss */
  get(key: string): Promise<ArrayBuffer | null>
  /** All of the bytes take the place of what was there, or nothing changes. @returns whether they are kept */
  put(key: string, bytes: ArrayBuffer): Promise<boolean>
  remove(key: string): Promise<void>
}

/** What a store holds under a key. */
export interface StoredFile {
  readonly key: string
  readonly bytes: number
  /** When it was put there, in milliseconds since 1970. */
  readonly at: number
}

/** A store that tells what it holds. */
export interface ListedStore extends Store {
  list(): Promise<readonly StoredFile[]>
}

/** What differs between the browser and Node. Everything effectful comes in through it; nothing reads globals. */
export interface Host {
  readonly kind: 'browser' | 'node'
  /**
   * The file at a path of the page's own origin (`data/cifar10/train.parquet`), in Node of the data folder;
   * null where it does not exist.
   */
  origin(path: string, options?: FetchOptions): Promise<Bytes | null>
  /**
   * A file on the net, read by range requests, or whole where the server allows none. @throws Problem without a network
   * or on an HTTP error.
   */
  remote(url: string, options?: FetchOptions): Promise<Bytes>
  /** What was fetched, and could be fetched again. */
  readonly cache: Store
  /** What nobody else has: checkpoints of runs. */
  readonly checkpoints: Store
  /** Weights of finished runs by the ids of the runs, as safetensors files. */
  readonly weights: ListedStore
  /** Files given by the user, in the order given; empty where there are none. */
  readonly files: readonly NamedFile[]
  /**
   * Decodes PNG, JPEG and what else the platform can read, to RGB bytes, row by row. @throws Problem when it cannot.
   */
  decodeImage(bytes: Uint8Array): Promise<{ readonly width: number; readonly height: number; readonly rgb: Uint8Array }>
  /** Absent where work has to be done by one thread. */
  readonly threads?: Threads
  /** Milliseconds of a monotonic clock. */
  now(): number
}
