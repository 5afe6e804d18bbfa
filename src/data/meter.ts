import type { LoadOptions, LoadProgress } from '../core/dataset'

/** Counts bytes and rows while a data set loads, and reports after each change. */
export interface Meter {
  /** What is being done now, for people. */
  say(text: string): void
  /** Announces work to come. */
  expect(work: { readonly bytes?: number; readonly rows?: number }): void
  /** Counts work that is done. An announced total that turns out too small grows with it. */
  done(work: { readonly bytes?: number; readonly rows?: number }): void
  /**
   * Everything has been read: totals become the counts, which may differ, since whole blocks are fetched and reads
   * share them.
   */
  settle(): void
}

/** A meter that reports to the loader's caller. */
export function meter({ progress }: Pick<LoadOptions, 'progress'>): Meter {
  let now: LoadProgress = { text: '', bytes: 0, bytesTotal: 0, rows: 0, rowsTotal: 0 }
  const report = (changed: Partial<LoadProgress>) => {
    now = { ...now, ...changed }
    progress(now)
  }
  return {
    say: (text) => report({ text }),
    expect: ({ bytes = 0, rows = 0 }) =>
      report({ bytesTotal: now.bytesTotal + bytes, rowsTotal: now.rowsTotal + rows }),
    done: ({ bytes = 0, rows = 0 }) =>
      report({
        bytes: now.bytes + bytes,
        bytesTotal: now.bytesTotal && Math.max(now.bytesTotal, now.bytes + bytes),
        rows: now.rows + rows,
        rowsTotal: now.rowsTotal && Math.max(now.rowsTotal, now.rows + rows),
      }),
    settle: () => report({ bytesTotal: now.bytes, rowsTotal: now.rows }),
  }
}

/** Milliseconds for which work goes on before messages are let in. */
const stretch = 20
/** When messages were let in last, by any work of this thread. */
let breathed = 0

/**
 * Lets messages in if that is due, so that a cancel is heard during long work. Cheap enough for every example.
 *
 * @throws AbortError when the signal has fired
 */
export async function breathe(signal: AbortSignal): Promise<void> {
  if (performance.now() - breathed >= stretch) {
    await new Promise((resume) => setTimeout(resume))
    breathed = performance.now()
  }
  signal.throwIfAborted()
}
