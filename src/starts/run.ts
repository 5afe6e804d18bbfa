import { word } from '../core/knob'
import { start } from '../core/start'

/** The weights at the end of another run, which the link holds whole. */
export const run = start({
  label: 'A finished run',
  about:
    'The weights at the end of another run. Where they are not kept, that run is made first. Cut weights begin as '
    + 'zeros, and the head stays where the classes are the same.',
  cite: 'Your runs',
  task: 'any',
  ofRun: true,
  knobs: {
    link: word('Link of the run', 'v1', {
      pattern: /(?=[^]{2,2000}$)v\d{1,6}(?:\/[A-Za-z][\w.]*\*[\w.-]*)*/,
      allowed: 'the link of a run as "Fine-tune from here" writes it',
      help: 'The whole experiment of that run. "Fine-tune from here" beside a finished run writes it.',
    }),
  },
  async open(_values, { host: { files } }) {
    const [{ filesFolder }, { startFromOwn }] = await Promise.all([
      import('../hub/filesFolder'),
      import('../hub/startFromOwn'),
    ])
    return startFromOwn(filesFolder(files), 'the run that this one starts from')
  },
})
