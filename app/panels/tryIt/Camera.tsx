import { useEffect, useRef, useState } from 'react'
import { messageOf } from '../../../src/core/problem'

interface CameraProps {
  readonly onTake: (video: HTMLVideoElement) => Promise<void>
  /** The camera is off again; `why` is empty unless it could not be used. */
  readonly onEnd: (why: string) => void
}

/** What the camera sees. The camera is on from when this is shown until a picture is taken, or this goes. */
export function Camera({ onTake, onEnd }: CameraProps) {
  const video = useRef<HTMLVideoElement>(null)
  const [ready, setReady] = useState(false)
  const end = useRef(onEnd)
  useEffect(() => {
    end.current = onEnd
  })
  useEffect(() => {
    let gone = false
    const asked = navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
    const stop = (stream: MediaStream) => {
      for (const track of stream.getTracks()) track.stop()
    }
    asked.then(
      (stream) => {
        if (gone) stop(stream)
        else if (video.current) video.current.srcObject = stream
      },
      (error: unknown) => {
        if (!gone) end.current(`The camera cannot be used (${messageOf(error)}). Choose a file or draw instead.`)
      },
    )
    return () => {
      gone = true
      void asked.then(stop, () => undefined)
    }
  }, [])
  return (
    <div className="try-camera">
      <video
        ref={video}
        autoPlay
        muted
        playsInline
        aria-label="What the camera sees"
        onPlaying={() => setReady(true)}
      />
      <div className="buttons">
        <button
          type="button"
          disabled={!ready}
          onClick={() => {
            if (video.current) void onTake(video.current).finally(() => onEnd(''))
          }}
        >
          Take it
        </button>
        <button type="button" onClick={() => onEnd('')}>
          Camera off
        </button>
      </div>
    </div>
  )
}
