import { useId } from 'react'
import { presets } from '../../../src/config/presets'
import { knobsOf, parts } from '../../../src/config/registries'
import { idleRange, usualKiosk, type Role } from '../../../src/config/role'
import { longestTask } from '../../../src/config/taskText'
import { Fold } from '../../controls/Fold'
import { Segments } from '../../controls/Segments'
import { useApp } from '../../store'

interface RoleFieldsProps {
  readonly role: Role
  readonly onChange: (role: Role) => void
}

const looks = { page: 'Whole page', stage: 'Stage', embed: 'Frame' } as const

/** What a link may ask of the page, to be chosen. */
export function RoleFields({ role, onChange }: RoleFieldsProps) {
  const id = useId()
  const set = (change: Partial<Role>) => onChange({ ...role, ...change })
  const look = role.embed ? 'embed' : role.stage ? 'stage' : 'page'
  return (
    <div className="role-fields">
      <Segments
        label="Where it is shown"
        options={looks}
        value={look}
        onChange={(next) => set({ embed: next === 'embed', stage: next === 'stage' })}
      />
      <label htmlFor={id}>Task, shown above the map</label>
      <textarea
        id={id}
        rows={3}
        maxLength={longestTask}
        aria-describedby={`${id}-help`}
        value={role.task}
        onChange={({ target }) => set({ task: target.value })}
      />
      <p className="help" id={`${id}-help`}>
        **bold**, *italic*, lines that begin with - or 1. are lists. At most {longestTask} characters.
      </p>
      <label className="flag">
        <input type="checkbox" checked={role.autostart} onChange={({ target }) => set({ autostart: target.checked })} />
        The run begins by itself, once
      </label>
      <Fold summary="Lock or hide settings" note={[...role.lock, ...role.hide].join(', ') || 'none'}>
        <Settings role={role} onChange={onChange} />
      </Fold>
      <Fold summary="Stand: runs over and over" note={role.kiosk.length > 0 ? `${role.kiosk.length} presets` : 'off'}>
        <Stand role={role} set={set} />
      </Fold>
    </div>
  )
}

const partNames = { seed: 'Seed', data: 'Data', model: 'Model', start: 'Start from', method: 'Method' } as const

/** Each part, and each knob of it, with what the reader may do with it. */
function Settings({ role, onChange }: RoleFieldsProps) {
  const experiment = useApp((s) => s.setup.experiment)
  const knobs = ([...parts, 'training'] as const).flatMap((section) =>
    Object.entries(knobsOf(experiment, section)).map(([name, { label }]): [string, string] => [
      `${section}.${name}`,
      `${label} (${section})`,
    ]),
  )
  const all: readonly (readonly [string, string])[] = [...Object.entries(partNames), ['training', 'Training']]
  const field = ([setting, label]: readonly [string, string]) => (
    <SettingField key={setting} setting={setting} label={label} role={role} onChange={onChange} />
  )
  return (
    <div className="role-settings">
      {all.map(field)}
      <Fold summary="Single settings">
        <div className="role-settings">{knobs.map(field)}</div>
      </Fold>
    </div>
  )
}

interface SettingFieldProps extends RoleFieldsProps {
  readonly setting: string
  readonly label: string
}

function SettingField({ setting, label, role, onChange }: SettingFieldProps) {
  const id = useId()
  const value = role.hide.includes(setting) ? 'hide' : role.lock.includes(setting) ? 'lock' : 'free'
  const choose = (next: string) => {
    const [lock, hide] = [role.lock, role.hide].map((names) => names.filter((name) => name !== setting))
    if (!lock || !hide) return
    onChange({
      ...role,
      lock: next === 'lock' ? [...lock, setting] : lock,
      hide: next === 'hide' ? [...hide, setting] : hide,
    })
  }
  return (
    <div className="role-setting">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={({ target }) => choose(target.value)}>
        <option value="free">can be changed</option>
        <option value="lock">locked</option>
        <option value="hide">hidden</option>
      </select>
    </div>
  )
}

interface StandProps {
  readonly role: Role
  readonly set: (change: Partial<Role>) => void
}

function Stand({ role: { kiosk, idle }, set }: StandProps) {
  const id = useId()
  const toggle = (preset: string) =>
    set({ kiosk: kiosk.includes(preset) ? kiosk.filter((other) => other !== preset) : [...kiosk, preset] })
  return (
    <div className="role-stand">
      {Object.entries(presets).map(([preset, { label }]) => (
        <label key={preset} className="flag">
          <input type="checkbox" checked={kiosk.includes(preset)} onChange={() => toggle(preset)} />
          {label}
          {usualKiosk.includes(preset) && <span className="range"> needs no network</span>}
        </label>
      ))}
      <label htmlFor={id}>Seconds without a touch after which it begins again</label>
      <input
        id={id}
        className="number"
        type="number"
        min={idleRange.min}
        max={idleRange.max}
        value={idle}
        onChange={({ target }) =>
          set({ idle: Math.min(idleRange.max, Math.max(idleRange.min, target.valueAsNumber || 60)) })
        }
      />
    </div>
  )
}
