import { glossary as words, type Entry } from '../../src/lessons/glossary'
import { Formula } from '../controls/Formula'
import { panel } from './panel'

/** Every word that the page explains, on one page. */
export const glossary = panel({
  id: 'glossary',
  title: 'Glossary',
  place: 'learn',
  Component() {
    return (
      <dl className="glossary">
        {Object.entries<Entry>(words).map(([id, { name, line, formula }]) => (
          <div key={id}>
            <dt>{name}</dt>
            <dd>
              {line}
              {formula !== undefined && <Formula tex={formula} />}
            </dd>
          </div>
        ))}
      </dl>
    )
  },
})
