import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { bestOf, matching, type PickerGroup, type PickerOption } from './matching'

interface PickerProps {
  readonly id?: string
  readonly label: string
  readonly groups: readonly PickerGroup[]
  /** Id of the chosen option; '' for none, then `placeholder` is shown. */
  readonly value: string
  readonly placeholder?: string
  readonly onChoose: (id: string) => void
}

const pageRows = 6

/**
 * A field that is typed into to find one of many options, and a list of them under their groups (WAI-ARIA combobox with
 * a listbox). The list is part of the page's flow, so that it is never cut off, not even on a phone.
 */
export function Picker({ id, label, groups, value, placeholder = '', onChoose }: PickerProps) {
  const base = useId()
  const list = useRef<HTMLDivElement>(null)
  const [query, setQuery] = useState<string | null>(null)
  const [active, setActive] = useState('')
  const open = query !== null
  const shown = matching(groups, query ?? '')
  const options = shown.flatMap((group) => group.options)
  const chosen = groups.flatMap((group) => group.options).find((option) => option.id === value)
  useEffect(() => {
    if (open) list.current?.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest' })
  }, [open, active, query])
  const search = (text: string) => {
    setQuery(text)
    setActive(text === '' && chosen ? chosen.id : (bestOf(matching(groups, text), text)?.id ?? ''))
  }
  const close = () => setQuery(null)
  const choose = (option: PickerOption | undefined) => {
    close()
    if (option && option.id !== value) onChoose(option.id)
  }
  const keys = (event: KeyboardEvent) => {
    const act = keyAction(event.key, open, options, active)
    if (!act) return
    event.preventDefault()
    if (act === 'open') search('')
    else if (act === 'close') close()
    else if (act === 'choose') choose(options.find((option) => option.id === active))
    else setActive(act.id)
  }
  const optionId = (option: string) => `${base}-${option}`
  return (
    <div
      className="picker"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) close()
      }}
    >
      <input
        id={id}
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={open}
        aria-controls={`${base}-list`}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-activedescendant={open && active !== '' ? optionId(active) : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={open ? 'Type to search' : placeholder}
        value={query ?? chosen?.label ?? ''}
        onClick={() => {
          if (!open) search('')
        }}
        onChange={(event) => search(event.target.value)}
        onKeyDown={keys}
      />
      {open && (
        <div className="picker-list" id={`${base}-list`} role="listbox" aria-label={label} ref={list}>
          {shown.map(({ name, options: members }, i) => (
            <div key={name} role="group" aria-labelledby={`${base}-group${i}`}>
              <p className="picker-group" id={`${base}-group${i}`} role="presentation">
                {name}
              </p>
              {members.map((option) => (
                <div
                  key={option.id}
                  id={optionId(option.id)}
                  role="option"
                  aria-selected={option.id === value}
                  data-active={option.id === active ? '' : undefined}
                  onPointerDown={(event) => event.preventDefault()}
                  onClick={() => choose(option)}
                >
                  {option.label}
                  <span>{option.detail}</span>
                </div>
              ))}
            </div>
          ))}
          {options.length === 0 && <p className="picker-none">Nothing has that name.</p>}
        </div>
      )}
      <span className="unseen" role="status">
        {open ? `${options.length} found` : ''}
      </span>
    </div>
  )
}

/** What a key does: nothing (null), something to the list, or another active option. */
function keyAction(
  key: string,
  open: boolean,
  options: readonly PickerOption[],
  active: string,
): 'open' | 'close' | 'choose' | PickerOption | null {
  const moves: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: pageRows, PageUp: -pageRows }
  const by = moves[key]
  if (!open) return by === 1 || by === -1 || key === 'Enter' ? 'open' : null
  if (key === 'Enter') return 'choose'
  if (key === 'Escape') return 'close'
  if (by === undefined) return null
  const at = options.findIndex((option) => option.id === active)
  const next = at < 0 ? (by > 0 ? 0 : options.length - 1) : Math.min(options.length - 1, Math.max(0, at + by))
  return options[next] ?? null
}
