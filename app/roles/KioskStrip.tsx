import { useEffect, useState, useSyncExternalStore } from 'react'
import { presets } from '../../src/config/presets'
import { useApp, useOwner } from '../store'
import { presetOf } from '../store/presets'
import { kioskOf } from './kiosk'
import '../styles/kiosk.css'

/** The lower edge of a page that runs by itself: which run this is, what a visitor may do, and full screen. */
export default function KioskStrip() {
  const app = useOwner()
  const list = useApp((s) => s.role.kiosk)
  const idle = useApp((s) => s.role.idle)
  const preset = useApp((s) => presetOf(s.setup.experiment))
  const isAwake = useWakeLock()
  useEffect(() => {
    const kiosk = kioskOf(app, { now: () => performance.now(), reload })
    const timer = setInterval(kiosk.tick, 1000)
    const events = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const
    for (const name of events) window.addEventListener(name, kiosk.touched, { passive: true, capture: true })
    kiosk.tick()
    return () => {
      clearInterval(timer)
      for (const name of events) window.removeEventListener(name, kiosk.touched, { capture: true })
    }
  }, [app])
  const place = preset === undefined ? -1 : list.indexOf(preset)
  return (
    <aside className="kiosk" aria-label="Stand">
      <p>
        {place >= 0 && preset !== undefined && (
          <strong>
            {place + 1} of {list.length}: {presets[preset]?.label}.
          </strong>
        )}{' '}
        Try anything: after {idle} seconds without a touch the page goes on by itself.
        {!isAwake && ' The browser does not keep this screen awake.'}
      </p>
      <FullScreen />
    </aside>
  )
}

function FullScreen() {
  const isFull = useSyncExternalStore(onFullScreen, () => document.fullscreenElement !== null)
  if (!document.fullscreenEnabled) return null
  const toggle = () => (isFull ? document.exitFullscreen() : document.documentElement.requestFullscreen())
  return (
    <button type="button" onClick={() => void toggle().catch(() => undefined)}>
      {isFull ? 'Leave full screen' : 'Full screen'}
    </button>
  )
}

function onFullScreen(tell: () => void): () => void {
  document.addEventListener('fullscreenchange', tell)
  return () => document.removeEventListener('fullscreenchange', tell)
}

/** Keeps the screen on while the page is seen; answers whether the browser does so. */
function useWakeLock(): boolean {
  const [isAwake, setAwake] = useState(true)
  useEffect(() => {
    let lock: WakeLockSentinel | null = null
    const ask = async () => {
      if (document.visibilityState !== 'visible') return
      try {
        lock = await navigator.wakeLock.request('screen')
        setAwake(true)
      } catch {
        setAwake(false)
      }
    }
    const again = () => void ask()
    again()
    document.addEventListener('visibilitychange', again)
    return () => {
      document.removeEventListener('visibilitychange', again)
      void lock?.release().catch(() => undefined)
    }
  }, [])
  return isAwake
}

/** A reload while the host is away would end on the browser's own page of errors. */
async function reload(): Promise<void> {
  try {
    const { ok } = await fetch(location.pathname, { method: 'HEAD', cache: 'no-store' })
    if (ok) location.reload()
  } catch {
    // The next look asks again.
  }
}
