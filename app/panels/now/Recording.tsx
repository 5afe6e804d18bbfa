import { useCallback, useEffect, useState } from 'react'
import { runLabel } from '../../../src/config/runLabel'
import { messageOf } from '../../../src/core/problem'
import { once } from '../../controls/once'
import { useActions, useApp, useOwner } from '../../store'
import { recordingId, recordingIn, type Recording as RecordingOfRun } from '../../store/kept/recordingFile'

/** Milliseconds for which a moment is shown: the whole run takes five seconds. */
const pace = 150

/**
 * Plays the run that came with the page in the place of one that could not start: at a press, or by itself where the
 * run should have begun so.
 */
export default function Recording() {
  const { showRecording } = useActions()
  const byItself = useApp((s) => s.role.autostart)
  const shown = useApp((s) => (s.picked === recordingId ? s.recording : null))
  const [failure, setFailure] = useState('')
  const play = useCallback(
    () =>
      fetchRecording().then(
        (recording) => {
          showRecording(recording)
          setFailure('')
        },
        (error: unknown) => setFailure(`The recorded run cannot be played: ${messageOf(error)}`),
      ),
    [showRecording],
  )
  useEffect(() => {
    if (byItself) void play()
  }, [byItself, play])
  usePlaying(shown !== null)
  return (
    <>
      <button type="button" onClick={once(() => void play())}>
        Play a recorded run
      </button>
      <p role="status">
        {shown
          && `This is a recording of ${runLabel(shown.run.experiment)}, which came with the page. `
            + 'Map and curves show it; nothing is computed.'}
        {failure}
      </p>
    </>
  )
}

async function fetchRecording(): Promise<RecordingOfRun> {
  const response = await fetch('recording.json')
  return recordingIn(await response.text())
}

/** Goes through the moments of the recording, from the one that is shown to its end. */
function usePlaying(on: boolean) {
  const { lookBack } = useActions()
  const { store } = useOwner()
  useEffect(() => {
    if (!on) return
    const timer = setInterval(() => {
      const { past, recording } = store.getState()
      if (past) lookBack(recording?.record.frames.find(({ step }) => step > past.step)?.step ?? null)
    }, pace)
    return () => clearInterval(timer)
  }, [on, lookBack, store])
}
