/** Every method, one a line; the id in links is the export's name. */
export { dense } from './dense'
export { magnitude } from './magnitude'
export { random } from './random'
export { sevenDyn } from './sevenDyn'
export { sevenPre } from './sevenPre'
export { snip } from './snip'
