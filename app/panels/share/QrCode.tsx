import { useEffect, useState } from 'react'
import { Problem, type ProblemData } from '../../../src/core/problem'
import { download } from '../../controls/download'

interface Drawn {
  readonly text: string
  readonly svg?: string
  readonly problem?: ProblemData
}

/** A text as a QR code, to be shown, or saved for a poster. */
export function QrCode({ text }: { readonly text: string }) {
  const [drawn, setDrawn] = useState<Drawn | null>(null)
  useEffect(() => {
    let isCurrent = true
    const draw = async () => {
      try {
        const { qrSvg } = await import('./qr')
        const svg = await qrSvg(text)
        if (isCurrent) setDrawn({ text, svg })
      } catch (error) {
        if (isCurrent) setDrawn({ text, problem: Problem.from(error).toJSON() })
      }
    }
    // Not at every letter of a task.
    const timer = setTimeout(() => void draw(), 200)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [text])
  const savePng = async () => {
    const { qrPng } = await import('./qr')
    download('pruning-playground.png', new Blob([new Uint8Array(await qrPng(text))], { type: 'image/png' }))
  }
  const svg = drawn?.text === text ? drawn.svg : undefined
  return (
    <div className="qr">
      {drawn?.svg !== undefined && (
        <img alt="QR code of the link" src={`data:image/svg+xml,${encodeURIComponent(drawn.svg)}`} />
      )}
      {drawn?.problem && (
        <p className="note">
          <strong>{drawn.problem.what}</strong> {drawn.problem.fix}
        </p>
      )}
      <div className="buttons">
        <button
          type="button"
          disabled={svg === undefined}
          onClick={() => download('pruning-playground.svg', svg ?? '', 'image/svg+xml')}
        >
          Save QR as SVG
        </button>
        <button type="button" disabled={svg === undefined} onClick={() => void savePng()}>
          Save QR as PNG
        </button>
      </div>
    </div>
  )
}
