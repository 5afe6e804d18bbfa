import type { TrainerEvent } from '../../core/trainer'

type PhaseEvent = Extract<TrainerEvent, { type: 'phase' }>

/** What a phase is called while it is to end: scoring and cuts take time, and pause and stop are told at once. */
export class PhaseWords {
  private asked: 'Pausing after this' | 'Stopping' | null = null
  /** What is under way that cannot be left at once. */
  private scoring: PhaseEvent | null = null

  constructor(private readonly emit: (event: PhaseEvent) => void) {}

  /** Says that it was heard, where something takes its time. */
  ask(asked: 'Pausing after this' | 'Stopping'): void {
    if (!this.scoring) return
    this.asked = asked
    this.emit(this.scoring)
  }

  /** Training was asked for again. */
  goOn(): void {
    this.asked = null
  }

  /** The event as the page is told it. */
  told(event: TrainerEvent): TrainerEvent {
    if (event.type !== 'phase') return event
    this.scoring = event.phase === 'scoring' ? event : null
    if (!this.scoring && event.phase !== 'running') this.asked = null
    if (this.asked === null) return event
    const isNamed = this.scoring !== null && this.asked !== 'Stopping'
    return { ...event, text: isNamed ? `${this.asked}: ${event.text}` : this.asked }
  }
}
