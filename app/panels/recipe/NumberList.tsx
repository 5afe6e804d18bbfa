import { useId, useState } from 'react'
import { readRecipe, recipeKeys, recipeSettings, type Recipe } from '../../../src/config/recipe'
import { useActions } from '../../store'

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
  const { setRecipe } = useActions()
  const [draft, setDraft] = useState<string | null>(null)
  const [notes, setNotes] = useState<readonly string[]>([])
  const commit = () => {
    if (draft === null) return
    const checked = readRecipe({ ...recipeSettings(current), [recipeKeys[name]]: draft }, current)
    setNotes(checked.notes)
    setDraft(null)
    setRecipe(checked.recipe)
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
