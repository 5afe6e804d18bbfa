import { useId } from 'react'
import { useActions, useApp } from '../../store'
import type { UiState } from '../../store/ui'

const themes: readonly UiState['theme'][] = ['auto', 'light', 'dark']
const themeNames: Readonly<Record<UiState['theme'], string>> = {
  auto: 'As the system has it',
  light: 'Light',
  dark: 'Dark',
}

/** Light or dark colours. */
export function ThemePicker() {
  const id = useId()
  const theme = useApp((s) => s.ui.theme)
  const { setUi } = useActions()
  return (
    <div className="knob-head">
      <label htmlFor={id}>Colours of the page</label>
      <select
        id={id}
        value={theme}
        onChange={(event) => setUi({ theme: themes.find((name) => name === event.target.value) ?? 'auto' })}
      >
        {themes.map((name) => (
          <option key={name} value={name}>
            {themeNames[name]}
          </option>
        ))}
      </select>
    </div>
  )
}
