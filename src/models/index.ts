/** Every model, one a line; the id in links is the export's name. */
export { miniBert } from './miniBert'
export { mlp } from './mlp'
export { vitTiny } from './vitTiny'
