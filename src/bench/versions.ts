import manifest from '../../package.json'

/** Versions of what is compared, as package.json pins them. */
export const versions: Readonly<Record<string, string>> = {
  playground: manifest.version,
  tfjs: manifest.dependencies['@tensorflow/tfjs'],
  'jax-js': manifest.devDependencies['@jax-js/jax'],
}
