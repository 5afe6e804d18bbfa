import { useState } from 'react'
import { toJson } from '../../src/config/json'
import { toLink } from '../../src/config/link'
import { download } from '../controls/download'
import { Sheet } from '../controls/Sheet'
import { useActions, useApp } from '../store'
import { panel } from './panel'

/** Ways to take the experiment elsewhere: a link, JSON, the result, a command for a terminal. */
export const share = panel({
  id: 'share', title: 'Share', place: 'head',
  Component() {
    const experiment = useApp((s) => s.setup.experiment)
    const result = useApp((s) => s.run.result)
    const recipe = useApp((s) => s.comparing.recipe)
    const link = toLink(experiment, recipe)
    const command = `npm run sentinel -- ${recipe ? 'compare' : 'run'} --config '${link}'`
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
    return (
      <div className="share">
        <button type="button" onClick={() => void copy('Link', new URL(link, location.href).href)}>Copy link</button>
        <Sheet summary="More">
          <p className="help">The link holds the whole experiment, seed included{recipe && ', and the comparison'}; the address bar shows it too.</p>
          <div className="buttons">
            <button type="button" onClick={() => void copy('JSON', toJson(experiment))}>Copy as JSON</button>
            <button type="button" disabled={!result} onClick={() => { if (result) download(`run-${result.runId}.json`, JSON.stringify(result, null, 2), 'application/json') }}>Download the run</button>
          </div>
          {!result && <p className="help">There is a run to download when one has ended.</p>}
          <p className="help">The same {recipe ? 'comparison' : 'run'} in a terminal:</p>
          <code>{command}</code>
          <button type="button" onClick={() => void copy('Command', command)}>Copy the command</button>
        </Sheet>
        <span className="said" role="status">{said}</span>
      </div>
    )
  },
})
