import { toLink } from '../../src/config/link'
import { remembered } from './remembered'

/** The link of an experiment that is no part of a comparison. */
export const linkOf = remembered(toLink)
