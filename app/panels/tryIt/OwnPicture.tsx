import { useId, useState } from 'react'
import type { Attempt } from '../../../src/core/attempt'
import { messageOf } from '../../../src/core/problem'
import { Camera } from './Camera'
import { Drawing } from './Drawing'
import { fittedRgb } from './fittedRgb'

interface OwnPictureProps {
  readonly width: number
  readonly height: number
  readonly disabled: boolean
  readonly onAsk: (asked: Attempt) => void
}

/** A picture of the reader's own: from a file, from the camera, or drawn here. */
export function OwnPicture({ width, height, disabled, onAsk }: OwnPictureProps) {
  const id = useId()
  const [said, setSaid] = useState('')
  const [way, setWay] = useState<'camera' | 'drawing' | null>(null)
  const take = async (source: Blob | HTMLCanvasElement | HTMLVideoElement, name: string) => {
    try {
      setSaid('')
      onAsk({ kind: 'image', rgb: await fittedRgb(source, width, height) })
    } catch (error) {
      setSaid(`${name} cannot be read (${messageOf(error)}). Choose a PNG or JPEG.`)
    }
  }
  return (
    <>
      <div className="try-own">
        <label htmlFor={id}>Your own picture</label>
        <input
          id={id}
          type="file"
          accept="image/*"
          disabled={disabled}
          onChange={({ target }) => {
            const [file] = target.files ?? []
            if (file) void take(file, file.name)
            target.value = ''
          }}
        />
        {'mediaDevices' in navigator && (
          <button type="button" disabled={disabled} aria-pressed={way === 'camera'} onClick={() => setWay('camera')}>
            Camera
          </button>
        )}
        <button
          type="button"
          disabled={disabled}
          aria-pressed={way === 'drawing'}
          onClick={() => setWay(way === 'drawing' ? null : 'drawing')}
        >
          Draw
        </button>
        <p className="help" role="status">
          {said}
        </p>
      </div>
      {way === 'camera' && (
        <Camera
          onTake={async (video) => take(video, "The camera's picture")}
          onEnd={(why) => {
            setWay(null)
            setSaid(why)
          }}
        />
      )}
      {way === 'drawing' && (
        <Drawing
          width={width}
          height={height}
          disabled={disabled}
          onDrawn={(drawn) => void take(drawn, 'The drawing')}
        />
      )}
    </>
  )
}
