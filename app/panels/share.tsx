import { useState } from 'react'
import { toJson } from '../../src/config/json'
import { toLink } from '../../src/config/link'
import { useActions, useApp } from '../store'
import { panel } from './panel'

/** Ways to take the experiment elsewhere: a link, JSON, the result, a command for a terminal. */
export const share = panel({
  id: 'share', title: 'Share', place: 'side',
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
        setSaid(`${what} copied.`)
      } catch {
        receive({ type: 'problem', problem: { what: `The browser did not let the page copy the ${what.toLowerCase()}.`, fix: 'Copy it from the address bar, or allow this page to use the clipboard.' } })
      }
    }
    return (
      <div className="share">
        <p className="help">The link holds the whole experiment, seed included; it is also what the address bar shows.</p>
        <div className="buttons">
          <button type="button" onClick={() => void copy('Link', new URL(link, location.href).href)}>Copy link</button>
          <button type="button" onClick={() => void copy('JSON', toJson(experiment))}>Copy JSON</button>
          <button type="button" disabled={!result} title={result ? undefined : 'There is a result when a run has ended'} onClick={() => { if (result) download(`run-${result.runId}.json`, result) }}>Download run</button>
        </div>
        <p className="help" aria-live="polite">{said}</p>
        <p className="help">The same run in a terminal:</p>
        <div className="command">
          <code>{command}</code>
          <button type="button" aria-label="Copy the command" onClick={() => void copy('Command', command)}>Copy</button>
        </div>
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
