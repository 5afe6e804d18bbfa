const mostNamed = 3

/** What went wrong with the browser's storage; texts are empty where nothing did. */
export interface Trouble {
  /** Why the browser stores nothing. */
  refused: string
  /** Name of the run whose marks could not be stored last. */
  unmarked: string
}

const wayOut = 'To keep them, press More, then "Download all runs".'

/**
 * What the reader must know of how runs are stored, empty where all of them are.
 * @param onPage names of runs that last as long as the page
 */
export function noteOf({ refused, unmarked }: Trouble, onPage: readonly string[]): string {
  if (refused !== '')
    return (
      `The browser does not store runs for this page (${refused.replace(/\.$/, '')}). They stay until you close the `
      + `page. ${wayOut}`
    )
  const notes = []
  if (onPage.length > 0)
    notes.push(
      'The browser has no more room for runs. These are not stored and stay only until you close the page: '
        + `${named(onPage)}. ${wayOut} A run that you pin is never removed to make room.`,
    )
  if (unmarked !== '')
    notes.push(
      `The browser has no room to change the pin, name or colour of this run: ${unmarked}. `
        + 'Remove runs that you do not need, then try again.',
    )
  return notes.join(' ')
}

function named(names: readonly string[]): string {
  const more = names.length - mostNamed
  return [...names.slice(0, mostNamed), ...(more > 0 ? [`${more} more`] : [])].join('; ')
}
