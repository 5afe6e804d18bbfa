/** A kernel's text without comments and indentation; lines stay lines, so that a mistake is found where it stands. */
export function bare(text) {
  return text.replace(/[ \t]*\/\/.*$/gm, '').replace(/^[ \t]+/gm, '')
}

/**
 * Ships the text of kernels bare.
 * @returns {import('vite').Plugin}
 */
export function shaderText() {
  return {
    name: 'shader-text',
    apply: 'build',
    transform(code, id) {
      const [, text] = /\.wgsl\?raw$/.test(id) ? (/^export default (".*")/s.exec(code) ?? []) : []
      return text === undefined
        ? undefined
        : { code: `export default ${JSON.stringify(bare(JSON.parse(text)))}`, map: null }
    },
  }
}
