import type { App } from '../store/app'
import { offer } from './offer'

/**
 * Lets the page work without a network from its next visit on. A new version is offered and never taken by itself: the
 * page that is open goes on with the parts of its own version, and so does its worker.
 *
 * Where the host sends no headers for it, the service worker lets threads share memory, from the next time that the
 * page is loaded: on the first visit that happens at once, if nobody has touched the page yet.
 */
export async function offline({ store }: App): Promise<void> {
  const container = workers()
  if (!container) return
  const version = document.querySelector<HTMLMetaElement>('meta[name="version"]')?.content ?? ''
  const untouched = () => !navigator.userActivation.hasBeenActive && store.getState().run.asked === null
  const isFirst = container.controller === null

  container.addEventListener('message', ({ data, ports }: MessageEvent<unknown>) => {
    if (data === 'version') ports[0]?.postMessage(version)
    else if (isVersion(data) && data.version !== version) offer('A new version is there', () => location.reload())
  })
  container.addEventListener('controllerchange', () => {
    container.controller?.postMessage('opened')
    if (!isFirst || crossOriginIsolated || window.top !== window) return
    if (untouched() && firstTime()) location.reload()
  })
  container.startMessages()

  const registration = await registered(container)
  if (!registration) return
  container.controller?.postMessage('opened')
  const offerWaiting = () => {
    const { waiting } = registration
    // On a first visit there is nothing older that it could wait for.
    if (!waiting || !registration.active) return
    offer('A new version is there', () => {
      container.addEventListener('controllerchange', () => location.reload(), { once: true })
      waiting.postMessage('take over')
    })
  }
  offerWaiting()
  registration.addEventListener('updatefound', () =>
    registration.installing?.addEventListener('statechange', offerWaiting),
  )
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') registration.update().catch(() => undefined)
  })
}

/** Null without https, in some private windows, and in frames that may have none. */
function workers(): ServiceWorkerContainer | null {
  try {
    return 'serviceWorker' in navigator ? navigator.serviceWorker : null
  } catch {
    return null
  }
}

async function registered(container: ServiceWorkerContainer): Promise<ServiceWorkerRegistration | undefined> {
  try {
    return await container.register('./sw.js')
  } catch {
    // Refused, or a file could not be fetched: the page works as it did, and the next visit tries again.
    return undefined
  }
}

/** Whether this tab has not been loaded again for its threads: whatever comes of that, it happens once. */
function firstTime(): boolean {
  const key = 'pruning-playground/isolating'
  try {
    const first = sessionStorage.getItem(key) === null
    sessionStorage.setItem(key, '1')
    return first
  } catch {
    return false
  }
}

function isVersion(data: unknown): data is { readonly version: string } {
  return typeof data === 'object' && data !== null && 'version' in data && typeof data.version === 'string'
}
