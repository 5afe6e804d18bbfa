import { useState, type KeyboardEvent } from 'react'
import { toJson } from '../../src/config/json'
import { toLink } from '../../src/config/link'
import { useActions, useApp } from '../store'
import { panel } from './panel'

/** Ways to take the experiment elsewhere: a link, JSON, the result, a command for a terminal. */
export const share = panel({
  id: 'share', title: 'Share', place: 'head',
  Component() {
    const experiment = useApp((s) => s.setup.experiment)
    const result = useApp((s) => s.run.result)
    const link = toLink(experiment)
    const command = `npm run sentinel -- run --config '${link}'`
    const [said, setSaid] = useState('')
    const { receive } = useActions()
    const copy = async (what: string, text: string) => {
      try {
        await navigator.clipboard.writeText(text)
        setSaid(`${what} copied`)
        setTimeout(() => setSaid(''), 4000)
      } catch {
        receive({ type: 'problem', problem: { what: `The browser did not let the page copy the ${what.toLowerCase()}.`, fix: 'Copy it from the address bar, or allow this page to use the clipboard.' } })
      }
    }
    const close = (event: KeyboardEvent<HTMLDetailsElement>) => {
      if (event.key !== 'Escape' || !event.currentTarget.open) return
      event.currentTarget.open = false
      event.currentTarget.querySelector('summary')?.focus()
    }
    return (
      <div className="share">
        <button type="button" onClick={() => void copy('Link', new URL(link, location.href).href)}>Copy link</button>
        <details className="sheet" onKeyDown={close}>
          <summary>More</summary>
          <div>
            <p className="help">The link holds the whole experiment, seed included; the address bar shows it too.</p>
            <div className="buttons">
              <button type="button" onClick={() => void copy('JSON', toJson(experiment))}>Copy as JSON</button>
              <button type="button" disabled={!result} onClick={() => { if (result) download(`run-${result.runId}.json`, result) }}>Download the run</button>
            </div>
            {!result && <p className="help">There is a run to download when one has ended.</p>}
            <p className="help">The same run in a terminal:</p>
            <code>{command}</code>
            <button type="button" onClick={() => void copy('Command', command)}>Copy the command</button>
          </div>
        </details>
        <span className="said" role="status">{said}</span>
      </div>
    )
  },
})

function download(name: string, content: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' }))
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = name
  anchor.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
