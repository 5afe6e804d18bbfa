/**
 * A part of a run that changes while it trains. Its state is plain data: what JSON holds, numbers that are not finite,
 * and typed arrays.
 */
export interface Stateful<State = unknown> {
  /** What it needs to go on; later steps do not change it. */
  save(): State
  /** Takes the place of what it was. */
  load(state: State): void
}
