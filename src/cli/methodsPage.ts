import { methodGroups } from '../config/methodGroups'
import { plugin } from '../config/registries'
import type { Knob } from '../core/knob'
import type { Method } from '../core/method'

/** `docs/methods.md`: every method of the registry by group, from its own words. */
export function methodsPage(): string {
  const groups = methodGroups()
  return (
    [
      '# Methods',
      '',
      'Made from the registry by `npm run docs`; edit the methods in `src/methods`, not this page. '
        + 'What the numbers of sections mean is in',
      '[algorithms.md](algorithms.md); `npm run sentinel -- methods` prints the same knobs in a terminal.',
      '',
      'In the formulas w is the weight, g the gradient of the loss at the effective (masked) weights; '
        + 'the weights of largest score are kept.',
      '',
      ...groups.map(
        ({ title, ids }) =>
          `- ${title}: ${ids.map((id) => `[${plugin('method', id).label}](#${anchor(id)})`).join(', ')}`,
      ),
      '',
      ...groups.flatMap(({ title, ids }) => [`## ${title}`, '', ...ids.flatMap(section)]),
    ]
      .join('\n')
      .trimEnd() + '\n'
  )
}

function section(id: string): string[] {
  const method = plugin('method', id)
  return [
    `### <a id="${anchor(id)}"></a>${method.label}`,
    '',
    `\`${id}\` · ${linked(method.cite)}`,
    '',
    method.about,
    '',
    ...(method.formula ? ['```math', method.formula, '```', ''] : []),
    ...words(method),
    ...knobTable(method),
  ]
}

function words({ shines, fails, adapted }: Method): string[] {
  const entries: [string, string | undefined][] = [
    ['Shines', shines],
    ['Fails', fails],
    ['Adapted', adapted],
  ]
  const lines = entries.flatMap(([name, text]) => (text ? [`- **${name}:** ${linked(text)}`] : []))
  return lines.length > 0 ? [...lines, ''] : []
}

function knobTable({ knobs }: Method): string[] {
  const rows = Object.entries(knobs).map(
    ([name, knob]) => `| \`method.${name}\` | ${String(knob.default)} | ${range(knob)} | ${knob.help} |`,
  )
  return rows.length > 0 ? ['| knob | default | range | |', '| --- | --- | --- | --- |', ...rows, ''] : []
}

function range(knob: Knob): string {
  switch (knob.kind) {
    case 'number':
      return `${knob.min} to ${knob.max}${knob.unit ? ` ${knob.unit}` : ''}`
    case 'choice':
      return Object.keys(knob.options)
        .map((option) => `\`${option}\``)
        .join(', ')
    case 'word':
      return knob.allowed
    case 'flag':
      return 'true, false'
  }
}

function linked(text: string): string {
  return text.replace(/arXiv:(\d{4}\.\d{4,5})/g, '[arXiv:$1](https://arxiv.org/abs/$1)')
}

function anchor(id: string): string {
  return `method-${id.toLowerCase()}`
}
