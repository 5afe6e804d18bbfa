import { useDeferredValue, useEffect, useId, useRef, useState } from 'react'
import { embedCode } from '../../../src/config/embedCode'
import { toLink } from '../../../src/config/link'
import { longestLink, whyLong } from '../../../src/config/longLink'
import type { Role } from '../../../src/config/role'
import { count } from '../../controls/format'
import { Fold } from '../../controls/Fold'
import { useApp } from '../../store'
import { QrCode } from './QrCode'
import { RoleFields } from './RoleFields'

interface LinkMakerProps {
  readonly onClose: () => void
}

/** Makes a link of the set-up for somebody else: what it locks and hides, its task, and where it is shown. */
export default function LinkMaker({ onClose }: LinkMakerProps) {
  const title = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const made = useRef<HTMLTextAreaElement>(null)
  const [said, setSaid] = useState('')
  const experiment = useApp((s) => s.setup.experiment)
  const recipe = useApp((s) => s.comparing.recipe)
  const own = useApp((s) => s.role)
  const [role, setRole] = useState<Role>(own)
  useEffect(() => dialog.current?.showModal(), [])
  const link = toLink(experiment, recipe, role)
  const address = new URL(link, location.href).href
  // A preview that begins by itself would take the processor from the run behind it.
  const calm = toLink(experiment, recipe, { ...role, autostart: false, kiosk: [] })
  const copy = async (what: string, text: string) => {
    try {
      await navigator.clipboard.writeText(text)
      setSaid(`${what} copied.`)
    } catch {
      made.current?.select()
      setSaid('The browser did not let this page copy. The link is selected: copy it with Ctrl+C (⌘C on a Mac).')
    }
  }
  return (
    <dialog ref={dialog} className="link-maker" aria-labelledby={title} onClose={onClose}>
      <div className="link-maker-head">
        <h2 id={title}>A link for others</h2>
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
      <RoleFields role={role} onChange={setRole} />
      <div className="link-made">
        <textarea
          ref={made}
          readOnly
          rows={3}
          aria-label="The link"
          value={address}
          onFocus={({ target }) => target.select()}
        />
        <Length address={address} />
        <div className="buttons">
          <button type="button" className="primary" onClick={() => void copy('Link', address)}>
            Copy this link
          </button>
          {role.embed && (
            <button type="button" onClick={() => void copy('HTML', embedCode(address))}>
              Copy the frame's HTML
            </button>
          )}
        </div>
        <p className="help" role="status">
          {said}
        </p>
        <QrCode text={address} />
        <Fold summary="Preview" note="without autostart">
          <Preview link={calm} />
        </Fold>
      </div>
    </dialog>
  )
}

function Length({ address }: { readonly address: string }) {
  const long = whyLong(address)
  return (
    <p className="help" role="status">
      {count(address.length)} characters.
      {long.length > 0
        && ` Some programs cut off what is longer than ${count(longestLink)}. Most of it is ${long
          .map(({ part, characters }) => `${part} (${count(characters)})`)
          .join(', ')}.`}
    </p>
  )
}

function Preview({ link }: { readonly link: string }) {
  const shown = useDeferredValue(link)
  return <iframe className="link-preview" title="Preview of the page" src={`${location.pathname}${shown}`} />
}
