export { cifar10 } from './cifar10'
export { shapes } from './shapes'
export { sst2 } from './sst2'
