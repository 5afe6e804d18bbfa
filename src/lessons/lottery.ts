import { percent } from '../core/figures'
import { lesson } from './lesson'

const found = { method: 'lottery', 'method.rounds': 1 }

export const lottery = lesson({
  title: 'Lottery tickets',
  say:
    'Train a model, cut its smallest weights, take the others back to where they were early on, and train again. The '
    + 'lottery ticket hypothesis says that these few weights could have been trained alone, because of their initial '
    + 'values. The control gives the same mask new random weights.',
  question: 'Which of the two will be right more often?',
  answers: {
    ticket: 'The ticket, with its own initial weights',
    control: 'The control, with new ones',
    alike: 'Neither: less than two points between them',
  },
  tasks: [
    {
      name: 'Ticket',
      settings: found,
      text: 'Set the run up, then press Start. It trains twice, with one cut between.',
    },
    {
      name: 'Control',
      settings: { ...found, 'method.rewind': 'reinitialise' },
      text: 'In the set-up choose Rewind: New random weights (control), then press Start.',
    },
  ],
  next: 'The tab Learn has more: "Why random networks suffice" makes a weight by pruning random numbers alone.',
  see: ([ticket, control]) => {
    if (!ticket || !control) return null
    const lead = ticket.accuracy - control.accuracy
    const came = lead >= 0.02 ? 'ticket' : lead <= -0.02 ? 'control' : 'alike'
    return {
      came,
      text:
        `The ticket is right ${percent(ticket.accuracy)} of the time, the control ${percent(control.accuracy)}. `
        + (came === 'ticket'
          ? 'The mask alone is not the prize: it fits the weights for which it was found.'
          : 'This run does not show what the hypothesis says. Its two trainings are short, the model is small, and '
            + 'one seed says little: try others, or more steps.'),
    }
  },
})
