import { create, toDataURL, toString } from 'qrcode'
import { count } from '../../controls/format'
import { Problem } from '../../../src/core/problem'

/** A third of the code may be dirty, torn or behind a logo. */
const options = { errorCorrectionLevel: 'H', margin: 4 } as const

/** Characters that such a code holds, whatever they are. */
export const longestQr = 1273

/** Pixels a side of the picture: sharp on a poster up to 20 cm. */
const pngSide = 2048

/** A text as a QR code. @throws Problem where the text is too long */
export async function qrSvg(text: string): Promise<string> {
  refuseLong(text)
  return toString(text, { ...options, type: 'svg' })
}

/** The same as PNG. @throws Problem as `qrSvg` */
export async function qrPng(text: string): Promise<Uint8Array> {
  refuseLong(text)
  const url = await toDataURL(text, { ...options, type: 'image/png', width: pngSide })
  return Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (c) => c.charCodeAt(0))
}

function refuseLong(text: string): void {
  try {
    create(text, options)
  } catch (error) {
    throw new Problem(
      `The link has ${count(text.length)} characters; a QR code that still reads when a third of it is dirty holds `
        + `${count(longestQr)}.`,
      'Make the link shorter: see below what takes most of it.',
      { cause: error },
    )
  }
}
