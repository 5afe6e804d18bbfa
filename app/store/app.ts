import { createStore, type StoreApi } from 'zustand/vanilla'
import { seedKnob } from '../../src/config/check'
import { experimentIn, jsonText, parseJson } from '../../src/config/json'
import { toLink } from '../../src/config/link'
import type { Recipe } from '../../src/config/recipe'
import { noRole } from '../../src/config/role'
import type { Part } from '../../src/config/registries'
import type { Attempt } from '../../src/core/attempt'
import type { Source } from '../../src/core/dataset'
import type { Experiment } from '../../src/core/experiment'
import type { KnobValue } from '../../src/core/knob'
import type { Recorded } from '../../src/core/recorded'
import { messageOf, Problem, type ProblemData } from '../../src/core/problem'
import type { TrainerEvent } from '../../src/core/trainer'
import { commands, type Connect } from './commands'
import { controls, type Controls } from './controls'
import { entryOf } from './kept/entry'
import { keptCourses } from './kept/keptCourses'
import { keptWeights, type OpenWeights } from './kept/keptWeights'
import { keeper, nothingKept, type Storage } from './kept/keeper'
import type { Recording } from './kept/recordingFile'
import { roomier, type Records } from './kept/records'
import { runIn } from './kept/runIn'
import { broughtBy, entriesIn, runsFile } from './kept/runsFile'
import { isNoted } from './left'
import { watchLooks } from './looks'
import { leftRuns } from './leftRuns'
import { keepLocked } from './locks'
import { notComparing, withRecipe } from './queue'
import { withPreset } from './presets'
import { ownFiles } from './ownFiles'
import { emptyRun, reduceRun } from './run'
import { isComplete, keep, otherBytes, type Marks } from './runs'
import {
  applySize,
  choosePlugin,
  initialSetup,
  opened,
  restore,
  setKnob,
  setSeed,
  type Section,
  type SetupState,
} from './setup'
import { shownKept, shownKey, shownRun } from './shownRun'
import { idOf, isFree, type AppState, type Elsewhere, type Pointed } from './state'
import { initialUi, loadPreferences, readQuery, savePreferences, type UiState } from './ui'
import { until } from './until'

/** Everything effectful that the store needs; tests pass their own. */
export interface Outside extends Partial<Omit<Storage, 'shelf'>>, Pick<Storage, 'shelf'> {
  /** Where the courses of kept runs are stored; null where they last as long as the page. */
  readonly records?: Records | null
  /** Absent where no weights are kept. */
  readonly weights?: OpenWeights
  /** Makes the trainer, at its first use, and sends its events to `receive`. */
  readonly connect: Connect
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Uniform in [0, 1). */
  readonly random: () => number
  /**
   * Takes a run or a comparison away from another tab; resolves when that tab has saved it. Absent where tabs know
   * nothing of each other.
   */
  readonly takeClaim?: (claim: string) => Promise<void>
  /** Query part of the address. */
  readonly search: string
}

/** What came of opening a file. */
export interface OpenedFile {
  readonly problem: ProblemData | null
  /** One or two sentences on kept runs; empty where only an experiment was opened. */
  readonly said: string
}

/** What panels may do; all of it is also what tests do. */
export interface Actions extends Controls {
  readonly receive: (event: TrainerEvent) => void
  readonly choose: (part: Part, id: string) => void
  readonly setKnob: (section: Section, name: string, value: KnobValue) => void
  readonly setSize: (size: string) => void
  readonly setSeed: (seed: number) => void
  /** A new random seed in the set-up; nothing is opened. */
  readonly drawSeed: () => void
  readonly setPreset: (id: string) => void
  /** A whole experiment. */
  readonly setExperiment: (experiment: Experiment) => void
  readonly setFiles: (files: readonly File[]) => void
  /**
   * The experiment of a link and its comparison, with a note for everything that could not be used; without a link, the
   * page's first experiment. `picked` is the kept run to show.
   */
  readonly openLink: (link: string, picked?: string | null) => void
  /**
   * The experiment of a JSON file, as one step of the history, with a note for everything that could not be used. A
   * result is also kept and shown; a file of kept runs is added to those that are here.
   */
  readonly openJson: (file: Uint8Array) => OpenedFile
  /** Kept runs as one JSON file, for `openJson`: those of these ids, else all. */
  readonly runsFile: (ids?: readonly string[]) => string
  /** What is to be compared on the set-up's data, model and training; null for nothing. */
  readonly setRecipe: (recipe: Recipe | null) => void
  /** Sets up a kept run's experiment and shows that run. */
  readonly pick: (runId: string) => void
  /** Shows what the weights of the shown run were after a step, one of those of its frames; null for now. */
  readonly lookBack: (step: number | null) => void
  /** Shows the run that came with the page, from its first moment on. */
  readonly showRecording: (recording: Recording) => void
  /** Puts an example before the open run's model, and shows that run. */
  readonly tryOut: (asked: Attempt) => void
  /** The reader points at other weights, in a chart or on the map. */
  readonly point: (change: Partial<Pointed>) => void
  /** Shows the open run again instead of a kept one; the set-up stays. */
  readonly showOpenRun: () => void
  /** Sets up the experiment that map and charts show. */
  readonly backToShown: () => void
  /** Forgets the run or the comparison of this link, in which the page was left. */
  readonly discardLeft: (link: string) => void
  /** What other tabs train by now. */
  readonly showElsewhere: (elsewhere: readonly Elsewhere[]) => void
  /** Goes on here with what another tab trains. */
  readonly takeOver: (elsewhere: Elsewhere) => Promise<void>
  /**
   * What `autostart=1` asks for: goes on with what the link holds, else begins it; not what another tab trains. A run
   * that is kept whole is shown, not made again.
   */
  readonly autostart: () => Promise<void>
  /** The course of a kept run's weights; null where none is kept. */
  readonly recordOf: (runId: string) => Promise<Recorded | null>
  readonly dismissNotes: () => void
  readonly dismissProblem: () => void
  readonly dismissSlow: () => void
  readonly removeRuns: (ids: readonly string[]) => void
  /** Brings back the runs that were removed last. */
  readonly bringBackRuns: () => void
  /** Pins, names or colours a kept run. */
  readonly markRun: (runId: string, marks: Marks) => void
  /** Reads the stored runs: those of these keys, else all of them. */
  readonly readRuns: (keys?: readonly string[]) => void
  readonly dismissStorageNote: () => void
  readonly setUi: (change: Partial<UiState>) => void
}

/** The store and what can be done with it. */
export interface App {
  readonly store: StoreApi<AppState>
  readonly actions: Actions
  /** Whether the next visit can go on with what is under way. */
  readonly isSafe: () => boolean
  /** Resolves when everything kept so far is stored, or cannot be. */
  readonly settled: () => Promise<void>
}

const nothing = () => undefined

const openWritten = 'Open a JSON file that this page or the command line wrote, and that is whole.'

const notTaken = (error: unknown) =>
  'The browser did not let this tab take over what the other one trains. '
  + `Close that tab, then continue here (the browser says: ${messageOf(error)}).`

const begunMeanwhile =
  "A run has begun here, so the other tab's run was not taken over. "
  + 'Stop this run, or let it end: then the other one is offered here.'

/** One page's store. It reads the kept runs; the trainer is made when it is first needed. */
export function createApp(outside: Outside): App {
  const { ui, notes } = readQuery({ ...initialUi, ...loadPreferences(outside.shelf) }, outside.search)
  const store = createStore<AppState>()(() => ({
    setup: initialSetup,
    role: noRole,
    run: { ...emptyRun, notes },
    comparing: notComparing,
    weights: [],
    starting: false,
    left: [],
    elsewhere: [],
    ...nothingKept,
    removed: [],
    picked: null,
    past: null,
    pointed: { chart: null, map: null, followed: null },
    pickedRecord: null,
    recording: null,
    tried: null,
    ui,
  }))
  const { shelf, vault = null, records = null, tell = nothing, persist = nothing } = outside
  const stored = vault && records ? roomier(vault, records) : vault
  const kept = keeper({ shelf, vault: stored, tell, persist }, (change) => store.setState(change))
  const readWeights = keptWeights(store, outside.weights, outside.now)
  const courses = keptCourses(store, records, outside.now)
  /** Kept runs may still have to be read. */
  const noteOtherBytes = async (source: Source) => {
    const { asked, generation } = store.getState().run
    await until(store, (s) => s.runsRead || undefined)
    const text = asked && otherBytes(store.getState().runs, asked.experiment, source)
    if (text && store.getState().run.generation === generation) receive({ type: 'note', text })
  }
  const receive = (event: TrainerEvent) => {
    store.setState((s) => ({ run: reduceRun(s.run, event) }))
    left.hear(event)
    if (event.type === 'opened') void noteOtherBytes(event.opened.source)
    if (event.type !== 'finished') return
    readWeights()
    const { experiment } = event.result
    const { asked, curve, record } = store.getState().run
    const run = keep(event.result, outside.now(), ownFiles(experiment, asked?.files ?? []), curve)
    if (!run) return
    courses.keep(run, record)
    kept.add([entryOf(run)])
    store.setState((s) => ({ ui: { ...s.ui, family: null } }))
  }
  const setup = (change: (setup: SetupState) => SetupState) => store.setState((s) => ({ setup: change(s.setup) }))
  const byHand = (change: (setup: SetupState) => SetupState) =>
    store.setState((s) => ({ setup: keepLocked(s.setup.experiment, change(s.setup), s.role) }))
  const setRecipe = (recipe: Recipe | null) =>
    store.setState((s) => ({ comparing: withRecipe(s.comparing, recipe), ui: { ...s.ui, family: null } }))
  const newSeed = () => Math.floor(outside.random() * (seedKnob.max + 1))
  const toEnd = commands(store, receive, outside.connect, (link) => isNoted(shelf, link))
  const left = leftRuns(store, {
    shelf,
    now: outside.now,
    drop: (runId) => void toEnd.dropCheckpoints(runId),
    say: (text) => receive({ type: 'note', text }),
  })
  const ofEngine = controls(store, toEnd, outside.now, newSeed)
  const actions: Actions = {
    ...ofEngine,
    receive,
    choose: (part, id) => byHand((s) => choosePlugin(s, part, id)),
    setKnob: (section, name, value) => byHand((s) => setKnob(s, section, name, value)),
    setSize: (size) => byHand((s) => applySize(s, size)),
    setSeed: (seed) => byHand((s) => setSeed(s, seed)),
    drawSeed: () => byHand((s) => setSeed(s, newSeed())),
    setPreset: (id) => byHand((s) => restore(s, withPreset(s.experiment, id))),
    setExperiment: (experiment) => setup((s) => restore(s, experiment)),
    setFiles: (files) => setup((s) => ({ ...s, files })),
    openLink: (link, picked = null) => {
      const { experiment, notes, recipe = null, role = noRole } = opened(link)
      setup((s) => ({ ...s, experiment, notes, adjusted: [] }))
      setRecipe(recipe)
      store.setState({ picked, role })
    },
    openJson: (file) => {
      try {
        const json = parseJson(jsonText(file), 'The file', openWritten)
        const entries = entriesIn(json)
        if (entries) {
          const said = broughtBy(entries, kept.entries())
          kept.add(entries)
          return { problem: null, said }
        }
        const { experiment, notes, role } = experimentIn(json)
        setup((s) => ({ ...restore(s, experiment), notes }))
        if (role) store.setState({ role })
        const run = runIn(json, outside.now())
        if (!run) return { problem: null, said: '' }
        kept.add([run])
        store.setState({ picked: run.id })
        return { problem: null, said: 'The run is kept, and shown.' }
      } catch (error) {
        return { problem: Problem.from(error).toJSON(), said: '' }
      }
    },
    runsFile: (ids) => runsFile(kept.entries().filter(({ id }) => ids?.includes(id) ?? true)),
    setRecipe,
    pick: (picked) => {
      const run = store.getState().runs.find(({ runId }) => runId === picked)
      if (run) store.setState((s) => ({ picked, setup: restore(s.setup, run.experiment) }))
    },
    lookBack: (step) => store.setState((s) => ({ past: step === null ? null : { of: shownKey(s), step } })),
    showRecording: (recording) => {
      const { run, record } = recording
      store.setState({ recording, picked: run.runId, past: { of: run.runId, step: record.frames[0]?.step ?? 0 } })
    },
    tryOut: (asked) => store.setState(({ run }) => ({ picked: null, tried: { generation: run.generation, asked } })),
    point: (change) => store.setState((s) => ({ pointed: { ...s.pointed, ...change } })),
    showOpenRun: () => store.setState({ picked: null }),
    backToShown: () => {
      const { asked } = shownRun(store.getState())
      if (!asked) return
      setup((s) => ({ ...restore(s, asked.experiment), files: shownKept(store.getState()) ? s.files : asked.files }))
      if (!shownKept(store.getState()))
        store.setState((s) => ({ ui: { ...s.ui, backend: asked.backend, allowSoftware: asked.allowSoftware } }))
    },
    discardLeft: left.discard,
    showElsewhere: left.show,
    takeOver: async ({ claim, link }) => {
      try {
        await outside.takeClaim?.(claim)
      } catch (error) {
        receive({ type: 'note', text: notTaken(error) })
        return
      }
      left.show(store.getState().elsewhere.filter((other) => other.claim !== claim))
      if (isFree(store.getState())) await ofEngine.continueLeft(link)
      else receive({ type: 'note', text: begunMeanwhile })
    },
    autostart: async () => {
      await until(store, (s) => s.runsRead || undefined)
      const { setup, comparing, elsewhere, runs } = store.getState()
      const done = runs.find((run) => run.runId === idOf(setup.experiment) && isComplete(run))
      if (done && !comparing.recipe) {
        actions.pick(done.runId)
        return
      }
      const link = toLink(setup.experiment, comparing.recipe)
      if (!elsewhere.some((other) => other.link === link)) await ofEngine.continueLeft(link)
    },
    recordOf: courses.of,
    dismissNotes: () => {
      setup((s) => ({ ...s, notes: [], adjusted: [] }))
      store.setState((s) => ({ run: { ...s.run, notes: [] } }))
    },
    dismissProblem: () => store.setState((s) => ({ run: { ...s.run, problem: null } })),
    dismissSlow: () => store.setState((s) => ({ run: { ...s.run, slow: null } })),
    removeRuns: (ids) => {
      const removed = kept.remove(ids)
      store.setState((s) => ({ removed, picked: s.picked !== null && ids.includes(s.picked) ? null : s.picked }))
    },
    bringBackRuns: () => {
      kept.add(store.getState().removed)
      store.setState({ removed: [] })
    },
    markRun: kept.mark,
    readRuns: (keys) => (keys ? kept.refresh(keys) : kept.read()),
    dismissStorageNote: () => store.setState({ storageNote: '' }),
    setUi: (change) => {
      store.setState((s) => ({ ui: { ...s.ui, ...change } }))
      savePreferences(outside.shelf, store.getState().ui)
    },
  }
  watchLooks(store)
  kept.read()
  if (!outside.takeClaim) left.show([])
  return { store, actions, isSafe: left.isSafe, settled: kept.settled }
}
