/** A chart of the page as a picture that needs nothing of the page: styles and legend are written into it. */

const margin = 16
const properties = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
]
const lineHeight = 22

interface Picture {
  readonly svg: string
  readonly width: number
  readonly height: number
}

/** The chart inside `frame` (drawn by `Chart`) with title, axis title and legend; null where there is nothing drawn. */
export function pictureOf(frame: Element, title: string): Picture | null {
  const drawn = frame.querySelector<SVGSVGElement>('.plot svg')
  if (!drawn) return null
  const { width: plotWidth, height: plotHeight } = drawn.getBoundingClientRect()
  const width = Math.ceil(plotWidth) + 2 * margin
  const root = svgElement('svg', {})
  const style = getComputedStyle(frame)
  const text = (content: string, x: number, y: number, size: number, weight = '400') => {
    const element = svgElement('text', {
      x: String(x),
      y: String(y),
      'font-size': String(size),
      'font-weight': weight,
      'font-family': style.fontFamily,
      fill: style.color,
    })
    element.textContent = content
    root.append(element)
  }
  const panel = frame.closest('.panel') ?? frame
  const ground = svgElement('rect', { fill: getComputedStyle(panel).backgroundColor })
  root.append(ground)
  text(title, margin, 26, 15, '600')
  text(frame.querySelector('.axis-titles span')?.textContent ?? '', margin, 48, 13)
  root.append(placed(copied(drawn), margin, 56))
  const bottom = legendInto(root, frame, text, width, 56 + plotHeight + lineHeight)
  for (const element of [root, ground]) {
    element.setAttribute('width', String(width))
    element.setAttribute('height', String(bottom))
  }
  root.setAttribute('viewBox', `0 0 ${width} ${bottom}`)
  return { svg: new XMLSerializer().serializeToString(root), width, height: bottom }
}

/** A picture as PNG, twice as fine as the page. @throws where the browser cannot draw it */
export async function toPng({ svg, width, height }: Picture): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = new OffscreenCanvas(2 * width, 2 * height)
  const context = canvas.getContext('2d')
  context?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return canvas.convertToBlob({ type: 'image/png' })
}

/** Legend entries in rows; answers where the picture ends. */
function legendInto(
  root: SVGElement,
  frame: Element,
  text: (content: string, x: number, y: number, size: number) => void,
  width: number,
  from: number,
): number {
  let [x, y] = [margin, from]
  for (const key of frame.querySelectorAll('.legend .key')) {
    const mark = key.querySelector('svg')
    const advance = key.getBoundingClientRect().width + 14
    if (x > margin && x + advance > width - margin) [x, y] = [margin, y + lineHeight]
    if (mark) root.append(placed(copied(mark), x, y - 11))
    text(key.textContent, x + (mark?.getBoundingClientRect().width ?? 0) + 5, y, 13)
    x += advance
  }
  return Math.ceil(y + margin)
}

/** A copy whose colours and fonts are values instead of references to the page's styles. */
function copied(original: Element): SVGElement {
  const copy = original.cloneNode(true) as SVGElement
  const [from, to] = [
    [original, ...original.querySelectorAll('*')],
    [copy, ...copy.querySelectorAll('*')],
  ]
  from.forEach((element, i) => {
    const style = getComputedStyle(element)
    const target = to[i]
    target?.removeAttribute('class')
    target?.removeAttribute('style')
    for (const name of properties) target?.setAttribute(name, style.getPropertyValue(name))
  })
  for (const element of copy.querySelectorAll('[role="application"], title, desc')) element.remove()
  return copy
}

function placed(inner: SVGElement, x: number, y: number): SVGElement {
  const group = svgElement('g', { transform: `translate(${x} ${y})` })
  group.append(inner)
  return group
}

function svgElement(name: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  return element
}
