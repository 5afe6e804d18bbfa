import { Component, type ReactNode } from 'react'
import { Problem } from '../src/core/problem'

interface CatchProps {
  /** What failed, as the sentence begins: "The page", "The panel Weight map". */
  readonly what: string
  readonly children: ReactNode
}

/** Shows a problem in place of a part that cannot be drawn, so that the rest, and a way out, stay. */
export class Catch extends Component<CatchProps, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown) {
    return { error: error ?? new Error('unknown') }
  }

  override render() {
    if (this.state.error === null) return this.props.children
    const { what } = Problem.from(this.state.error)
    return (
      <div className="problem" role="alert">
        <p>
          <strong>
            {this.props.what} could not be drawn. {what}
          </strong>
        </p>
        <p>
          Try again, or reload the page. The link in the address bar holds the experiment, and finished runs are kept.
        </p>
        <button type="button" onClick={() => this.setState({ error: null })}>
          Try again
        </button>
      </div>
    )
  }
}
