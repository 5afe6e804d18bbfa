import type { TrainerEvent } from '../../core/trainer'

type PhaseEvent = Extract<TrainerEvent, { type: 'phase' }>

/** What a phase is called while it is to end: scoring and cuts take time, and pause and stop are told at once. */
export class PhaseWords {
  private asked: 'Pausing after this' | 'Stopping' | null = null
  /** What is under way that cannot be left at once. */
  private scoring: PhaseEvent | null = null

  /** The event that says that it was heard; null where nothing takes its time. */
  ask(asked: 'Pausing after this' | 'Stopping'): PhaseEvent | null {
    if (this.scoring) this.asked = asked
    return this.scoring
  }

  /** Training was asked for again. */
  goOn(): void {
    this.asked = null
  }

  /** The event as the page is told it. */
  told(event: PhaseEvent): PhaseEvent {
    this.scoring = event.phase === 'scoring' ? event : null
    if (!this.scoring && event.phase !== 'running') this.asked = null
    if (this.asked === null) return event
    const isNamed = this.scoring !== null && this.asked !== 'Stopping'
    return { ...event, text: isNamed ? `${this.asked}: ${event.text}` : this.asked }
  }
}
