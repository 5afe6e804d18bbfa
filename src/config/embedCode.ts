/**
 * HTML that shows a page of ours in a frame of another page. The frame may use shared memory, and so all threads, where
 * the page around it is isolated, too. @param address whole, as `https://example.org/#/v1?embed=1`
 */
export function embedCode(address: string): string {
  const src = address.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;')
  return (
    `<iframe src="${src}" title="Pruning playground" width="720" height="480" style="border:0" `
    + 'allow="cross-origin-isolated; fullscreen" loading="lazy"></iframe>'
  )
}
