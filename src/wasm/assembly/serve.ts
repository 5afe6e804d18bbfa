import { adamwJob, adamwPart } from './adamw'
import { attentionGradientJob, attentionGradientPart, attentionJob, attentionPart } from './attention'
import { geluSlopeJob, geluSlopePart } from './gelu'
import { productJob, productPart } from './product'
import { endPart, jobArguments, jobKind, meet, nextJob, takePart } from './threads'
import { witnessJob, witnessPart } from './witness'

/** The life of a thread: it helps with every job, and never returns. */
export function serve(at: usize, number: i32, count: i32): void {
  meet(at, number, count)
  let seen = 0
  while (true) {
    seen = nextJob(seen)
    for (let taken = takePart(); taken >= 0; taken = takePart()) {
      const parts = taken & 0xffff
      work(taken >>> 16, parts)
      endPart(parts)
    }
  }
}

function work(part: i32, parts: i32): void {
  const from = jobArguments()
  const kind = jobKind()
  if (kind === productJob) productPart(from, part, parts)
  else if (kind === attentionJob) attentionPart(from, part, parts)
  else if (kind === attentionGradientJob) attentionGradientPart(from, part, parts)
  else if (kind === geluSlopeJob) geluSlopePart(from, part, parts)
  else if (kind === adamwJob) adamwPart(from, part, parts)
  else if (kind === witnessJob) witnessPart(from, part, parts)
}
