import { texts } from 'virtual:method-texts'
import { useMemo } from 'react'
import { costOf } from '../../../src/config/cost'
import { plugin } from '../../../src/config/registries'
import type { Experiment } from '../../../src/core/experiment'
import { Cite } from '../../controls/Cite'
import { Fold } from '../../controls/Fold'
import { Formula } from '../../controls/Formula'
import { MethodFacts } from '../../controls/MethodFacts'

/** What a method does, in words and as a formula, who found it, and what is good and bad about it. */
export default function AboutMethod({ experiment }: { readonly experiment: Experiment }) {
  const { id } = experiment.method
  const cost = useMemo(() => costOf(experiment), [experiment])
  const said = texts[id]
  return (
    <>
      <p className="about">{said?.about}</p>
      {said?.formula && <Formula tex={said.formula} />}
      <Cite text={plugin('method', id).cite} />
      <Fold summary="Strengths, weaknesses, cost">
        <MethodFacts said={said} cost={cost} />
      </Fold>
    </>
  )
}
