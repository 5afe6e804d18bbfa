import { useMemo } from 'react'
import { methodLabel } from '../../../src/config/methodLabel'
import type { Experiment } from '../../../src/core/experiment'
import type { Evaluation } from '../../../src/core/trainer'
import type { Series } from '../../charts/series'
import { useApp } from '../../store'
import { familyKey } from '../../store/comparison'
import { ownFiles } from '../../store/ownFiles'
import { useSlow } from '../../store/slow'
import type { AppState } from '../../store/state'
import { halvings } from './sparsityAxis'
import type { Looks } from './useLooks'

const selectEvaluations = (s: AppState) => s.run.evaluations

/** The run that is going: its measurements so far, as a path. */
export function useLive(family: string, looks: Looks): readonly Series[] {
  const asked = useApp((s) => s.run.asked)
  const ended = useApp((s) => s.run.result !== null)
  const evaluations = useSlow(selectEvaluations)
  return useMemo(() => {
    const isShown = asked && !ended && familyKey(asked.experiment, ownFiles(asked.experiment, asked.files)) === family
    return isShown ? liveSeries(asked.experiment, evaluations, looks) : []
  }, [asked, ended, evaluations, family, looks])
}

function liveSeries(experiment: Experiment, evaluations: readonly Evaluation[], looks: Looks): Series[] {
  const name = methodLabel(experiment)
  const path = evaluations.map((e) => ({ x: halvings(e.sparsity), y: e.accuracy, name: `${name}, step ${e.step}` }))
  return path.length === 0
    ? []
    : [
        {
          key: 'live',
          label: 'This run',
          colour: looks(name).colour,
          dash: 'dotted',
          width: 1.2,
          marker: 'cross',
          radius: 3.5,
          points: path,
        },
      ]
}
