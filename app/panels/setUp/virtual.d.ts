/** Made by scripts/methodTexts.mjs: what methods say about themselves, by id. */
declare module 'virtual:method-texts' {
  export const texts: Readonly<
    Record<
      string,
      Pick<import('../../../src/core/method').Recipe, 'about' | 'formula' | 'shines' | 'fails' | 'adapted'>
    >
  >
}
