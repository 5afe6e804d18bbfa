import { Fragment } from 'react'

/** A citation whose arXiv numbers are links. */
export function Cite({ text }: { readonly text: string }) {
  const pieces = text.split(/(arXiv:\d{4}\.\d{4,5})/)
  return (
    <p className="cite">
      {pieces.map((piece, i) =>
        i % 2 === 0 ? (
          <Fragment key={piece + String(i)}>{piece}</Fragment>
        ) : (
          <a key={piece} href={`https://arxiv.org/abs/${piece.slice(6)}`} target="_blank" rel="noreferrer">
            {piece}
          </a>
        ),
      )}
    </p>
  )
}
