import { useCallback, useId, useState } from 'react'
import { largestJson, toJson } from '../../src/config/json'
import { toLink } from '../../src/config/link'
import { messageOf, type ProblemData } from '../../src/core/problem'
import { download } from '../controls/download'
import { count } from '../controls/format'
import { Sheet } from '../controls/Sheet'
import { useActions, useApp } from '../store'
import { panel } from './panel'

/** Ways to take the experiment elsewhere: a link, JSON, the result, a command for a terminal. */
export const share = panel({
  id: 'share',
  title: 'Share',
  place: 'head',
  Component() {
    const experiment = useApp((s) => s.setup.experiment)
    const result = useApp((s) => s.run.result)
    const recipe = useApp((s) => s.comparing.recipe)
    const link = toLink(experiment, recipe)
    const command = `npm run sentinel -- ${recipe ? 'compare' : 'run'} --config '${link}'`
    const [said, setSaid] = useState('')
    const [refused, setRefused] = useState<Copy | null>(null)
    const copy = async (what: string, text: string) => {
      setSaid('')
      try {
        await navigator.clipboard.writeText(text)
        setRefused(null)
        setSaid(`${what} copied`)
        setTimeout(() => setSaid(''), 4000)
      } catch {
        setRefused({ what, text })
      }
    }
    return (
      <div className="share">
        <button type="button" onClick={() => void copy('Link', new URL(link, location.href).href)}>
          Copy link
        </button>
        <Sheet summary="More">
          <p className="help">
            The link holds the whole experiment, seed included{recipe && ', and the comparison'}; the address bar shows
            it too.
          </p>
          <div className="buttons">
            <button type="button" onClick={() => void copy('JSON', toJson(experiment))}>
              Copy as JSON
            </button>
            <button
              type="button"
              disabled={!result}
              onClick={() => {
                if (result) download(`run-${result.runId}.json`, JSON.stringify(result, null, 2), 'application/json')
              }}
            >
              Download the run
            </button>
          </div>
          <OpenJson />
          {!result && <p className="help">You can download a run when it has ended.</p>}
          <p className="help">The same {recipe ? 'comparison' : 'run'} in a terminal:</p>
          <code>{command}</code>
          <button type="button" onClick={() => void copy('Command', command)}>
            Copy the command
          </button>
        </Sheet>
        <span className="said" role="status">
          {said}
        </span>
        {refused && (
          <Refused
            key={refused.text}
            {...refused}
            onRetry={() => void copy(refused.what, refused.text)}
            onDismiss={() => setRefused(null)}
          />
        )}
      </div>
    )
  },
})

/** The way back from "Copy as JSON" and "Download the run". */
function OpenJson() {
  const { openJson } = useActions()
  const [problem, setProblem] = useState<ProblemData | null>(null)
  const id = useId()
  const open = async (file: File | undefined) => {
    if (!file) return
    if (file.size > largestJson) return setProblem(tooLarge(file))
    try {
      setProblem(openJson(new Uint8Array(await file.arrayBuffer())))
    } catch (error) {
      setProblem({ what: `${file.name} cannot be read: ${messageOf(error)}.`, fix: 'Choose the file again.' })
    }
  }
  return (
    <>
      <label htmlFor={id}>Open an experiment or a run from a JSON file</label>
      <input
        id={id}
        type="file"
        accept=".json,application/json"
        onChange={({ target }) => {
          void open(target.files?.[0])
          target.value = ''
        }}
      />
      {problem && (
        <p className="problem" role="alert">
          <strong>{problem.what}</strong> {problem.fix}
        </p>
      )}
    </>
  )
}

function tooLarge({ name, size }: File): ProblemData {
  return {
    what: `${name} has ${count(size)} bytes, which is too large for a configuration.`,
    fix: 'Choose a file that "Copy as JSON" or "Download the run" made.',
  }
}

interface Copy {
  /** What is copied, for a sentence: "Link". */
  readonly what: string
  readonly text: string
}

interface RefusedProps extends Copy {
  readonly onRetry: () => void
  readonly onDismiss: () => void
}

/** The text that the browser did not let the page copy, selected, so that the reader can. */
function Refused({ what, text, onRetry, onDismiss }: RefusedProps) {
  const selected = useCallback((field: HTMLTextAreaElement | null) => {
    field?.focus()
    field?.select()
  }, [])
  return (
    <div className="problem refused" role="alert">
      <p>
        <strong>The browser did not let this page copy the {what === 'JSON' ? what : what.toLowerCase()}.</strong>
      </p>
      <p>
        It is selected here: copy it with Ctrl+C (⌘C on a Mac). Or allow this page to use the clipboard, and try again.
      </p>
      <textarea
        ref={selected}
        readOnly
        rows={4}
        aria-label={`${what}, to copy by hand`}
        value={text}
        onFocus={(event) => event.target.select()}
      />
      <button type="button" onClick={onRetry}>
        Try again
      </button>
      <button type="button" className="link" onClick={onDismiss}>
        Dismiss
      </button>
    </div>
  )
}
