/**
 * Lets messages from the page in: they are handled between tasks only. Not by a timer, since browsers hold back the
 * timers of nested calls by 4 ms and may hold back those of hidden pages by a second.
 */
export function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
