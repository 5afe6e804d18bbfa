/** Where weights may come from, one a line; the id in links is the export's name. */
export { scratch } from './scratch'
export { maskedTokens } from './maskedTokens'
export { maskedPatches } from './maskedPatches'
export { rotation } from './rotation'
export { hub } from './hub'
export { file } from './file'
export { run } from './run'
