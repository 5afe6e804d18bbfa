import { useId, useState } from 'react'
import { recipeKeys, recipeSettings, type Recipe } from '../../../src/config/recipe'
import { useCheckedRecipe } from './useCheckedRecipe'

interface NumberListProps {
  readonly recipe: Recipe
  readonly name: 'sparsities' | 'seeds'
  readonly label: string
  readonly text: string
  readonly help: string
}

/**
 * A list of a recipe: numbers with commas between them. A draft is read when it is left, and what cannot be used is
 * named.
 */
export function NumberList({ recipe: current, name, label, text, help }: NumberListProps) {
  const id = useId()
  const { notes, change } = useCheckedRecipe(current)
  const [draft, setDraft] = useState<string | null>(null)
  const commit = () => {
    if (draft === null) return
    setDraft(null)
    change({ ...recipeSettings(current), [recipeKeys[name]]: draft })
  }
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="text"
        autoComplete="off"
        aria-describedby={`${id}-help`}
        value={draft ?? text}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit()
          else if (event.key === 'Escape') setDraft(null)
        }}
      />
      <p className="help" id={`${id}-help`}>
        {notes.length > 0 ? notes.join(' ') : help}
      </p>
    </div>
  )
}
