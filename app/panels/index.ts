/** Every panel, one a line, in reading order. */
export { runControls } from './runControls'
export { setUp } from './setUp'
export { weightMap } from './weightMap'
export { learning } from './learning'
export { noise } from './noise'
export { comparison } from './comparison'
export { layers } from './layers'
export { share } from './share'
