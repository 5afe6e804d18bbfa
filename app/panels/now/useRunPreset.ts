import { useActions } from '../../store'

/** Sets a preset up and runs it in the place of what runs. */
export function useRunPreset(): (id: string) => void {
  const { setPreset, runSetUp } = useActions()
  return (id) => {
    setPreset(id)
    void runSetUp()
  }
}
