import { useState } from 'react'
import { readRecipe, type Recipe, type recipeSettings } from '../../../src/config/recipe'
import { useActions } from '../../store'

/** Changes a recipe by what its link would say, and tells what of that could not be used. */
export function useCheckedRecipe(current: Recipe) {
  const { setRecipe } = useActions()
  const [notes, setNotes] = useState<readonly string[]>([])
  const change = (settings: ReturnType<typeof recipeSettings>) => {
    const checked = readRecipe(settings, current)
    setNotes(checked.notes)
    setRecipe(checked.recipe)
  }
  return { notes, change }
}
