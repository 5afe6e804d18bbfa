const mostNamed = 3

/**
 * What the reader must know of how runs are stored, empty where all of them are.
 * @param refused why the browser stores nothing, empty where it only has no more room
 * @param onPage names of runs that last as long as the page
 */
export function noteOf(refused: string, onPage: readonly string[]): string {
  if (refused !== '')
    return (
      `The browser does not store runs for this page (${refused.replace(/\.$/, '')}). They stay until you close the `
      + 'page. To keep them, press More, then "Download all runs".'
    )
  if (onPage.length === 0) return ''
  return (
    `The browser has no more room for runs. No longer stored, and here only until you close the page: `
    + `${named(onPage)}. To keep them, press More, then "Download all runs". A run that you pin is never removed to `
    + 'make room.'
  )
}

function named(names: readonly string[]): string {
  const more = names.length - mostNamed
  return [...names.slice(0, mostNamed), ...(more > 0 ? [`${more} more`] : [])].join('; ')
}
