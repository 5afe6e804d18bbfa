import type { Experiment } from '../core/experiment'
import type { Model, TensorSpec, UnitSite } from '../core/model'
import type { UnitHook } from '../core/unitHook'
import { Problem } from '../core/problem'
import { plugin } from './registries'

/** An experiment's model with what its method does within the forward pass. */
export function modelOf({ model, method }: Pick<Experiment, 'model' | 'method'>): Model {
  const plain = plugin('model', model.id)
  const hook = plugin('method', method.id).units?.(method.values)
  return hook ? hooked(plain, hook) : plain
}

/**
 * The same for a trained model whose factors beside matrices were multiplied into them (`UnitHook.fold`): it reads the
 * matrices as they are.
 */
export function foldedModelOf({ model, method }: Pick<Experiment, 'model' | 'method'>): Model {
  const hook = plugin('method', method.id).units?.(method.values)
  return hook?.fold ? hooked(plugin('model', model.id), hook, true) : modelOf({ model, method })
}

/**
 * The model whose units go through a hook, and which holds the hook's tensors too. @param folded matrices are read as
 * they are
 */
export function hooked(plain: Model, hook: UnitHook, folded = false): Model {
  return {
    ...plain,
    tensors(values, input) {
      const own = plain.tensors(values, input)
      const sites = sitesOf(own)
      if (sites.length === 0)
        throw new Problem(
          'The model has no heads or neurons to choose among.',
          'Choose a transformer, or another method.',
        )
      return [
        ...own,
        ...sites.flatMap((site) => hook.tensors?.(site) ?? []),
        ...own.filter((t) => t.prunable).flatMap((t) => hook.beside?.(t) ?? []),
      ]
    },
    forward(nn, params, input, values, spec) {
      const { penalty, read } = hook
      if (penalty) nn.penalise(() => penalty(params))
      return plain.forward(
        { ...nn, units: (x, site, entered) => nn.units(hook.forward(nn, x, site, params, entered), site, entered) },
        read && !folded ? read(params) : params,
        input,
        values,
        spec,
      )
    },
  }
}

/** The layers of units into which matrices lead, each once. */
export function sitesOf(tensors: readonly TensorSpec[]): UnitSite[] {
  const entered = tensors.filter(({ units, shape }) => units?.side === 'enters' && shape.length === 2)
  const sites = new Map(
    entered.flatMap(({ units, shape: [width = 0] }) =>
      units ? [[units.layer, { kind: units.kind, layer: units.layer, count: units.count, width }]] : [],
    ),
  )
  return [...sites.values()]
}
