import { lazy, Suspense, useCallback, useId, useState } from 'react'
import { toJson } from '../../src/config/json'
import { messageOf, type ProblemData } from '../../src/core/problem'
import { download } from '../controls/download'
import { count } from '../controls/format'
import { Sheet } from '../controls/Sheet'
import { useActions, useApp } from '../store'
import type { OpenedFile } from '../store/app'
import { pageLink } from '../store/state'
import { panel } from './panel'
import { ThemePicker } from './share/ThemePicker'

/** Loaded when somebody makes a link. */
const LinkMaker = lazy(() => import('./share/LinkMaker'))

/** Bytes of a file that is opened: about 20,000 runs with their curves. */
const largestRuns = 256 << 20

/** Ways to take the experiment elsewhere: a link, JSON, the result, a command for a terminal. */
export const share = panel({
  id: 'share',
  title: 'Share',
  place: 'bar',
  Component() {
    const experiment = useApp((s) => s.setup.experiment)
    const result = useApp((s) => s.run.result)
    const recipe = useApp((s) => s.comparing.recipe)
    const role = useApp((s) => s.role)
    const link = useApp(pageLink)
    const command = `npm run sentinel -- ${recipe ? 'compare' : 'run'} --config '${link}'`
    const [said, setSaid] = useState('')
    const [isMaking, setMaking] = useState(false)
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
          <button type="button" onClick={() => setMaking(true)}>
            QR code, task, frame, stage …
          </button>
          <div className="buttons">
            <button type="button" onClick={() => void copy('JSON', toJson(experiment, role))}>
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
          {!result && <p className="help">You can download a run when it has ended.</p>}
          <AllRuns />
          <OpenJson />
          <p className="help">The same {recipe ? 'comparison' : 'run'} in a terminal:</p>
          <code>{command}</code>
          <button type="button" onClick={() => void copy('Command', command)}>
            Copy the command
          </button>
          <ThemePicker />
        </Sheet>
        {isMaking && (
          <Suspense>
            <LinkMaker onClose={() => setMaking(false)} />
          </Suspense>
        )}
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

/** Every kept run as one file. */
function AllRuns() {
  const kept = useApp((s) => s.runs.length + s.unread.length)
  const { runsFile } = useActions()
  const save = () => {
    download(`runs-${new Date().toISOString().slice(0, 10)}.json`, runsFile(), 'application/json')
  }
  return (
    <div className="buttons">
      <button type="button" disabled={kept === 0} onClick={save}>
        Download all runs{kept > 0 && ` (${count(kept)})`}
      </button>
    </div>
  )
}

/** The way back from "Copy as JSON", "Download the run" and "Download all runs". */
function OpenJson() {
  const { openJson } = useActions()
  const [{ problem, said }, setOpened] = useState<OpenedFile>({ problem: null, said: '' })
  const id = useId()
  const open = async (file: File | undefined) => {
    if (!file) return
    if (file.size > largestRuns) {
      setOpened({ problem: tooLarge(file), said: '' })
      return
    }
    try {
      setOpened(openJson(new Uint8Array(await file.arrayBuffer())))
    } catch (error) {
      const problem = { what: `${file.name} cannot be read: ${messageOf(error)}.`, fix: 'Choose the file again.' }
      setOpened({ problem, said: '' })
    }
  }
  return (
    <>
      <label htmlFor={id}>Open an experiment, a run, or all runs from a JSON file</label>
      <input
        id={id}
        type="file"
        accept=".json,application/json"
        onChange={({ target }) => {
          void open(target.files?.[0])
          target.value = ''
        }}
      />
      <p className="help" role="status">
        {said}
      </p>
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
    what: `${name} has ${count(size)} bytes, which is too large for an experiment or for runs.`,
    fix: 'Choose a file that one of the buttons above made.',
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
