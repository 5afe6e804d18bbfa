import * as parser from '@typescript-eslint/parser'
import reactHooks from 'eslint-plugin-react-hooks'
import { lateLoaders, rooms, separate } from './rooms.config.js'
import { oneWay } from './scripts/lint/rooms.mjs'

/**
 * Rooms, lengths of lines, and React's rules. What needs types is in .oxlintrc.json: a linter that is several times as
 * fast reads them.
 */
export default [
  // AssemblyScript is no TypeScript: its compiler checks it.
  { ignores: ['src/wasm/assembly/', 'dist/', 'public/', 'runs/', 'test-results/', 'playwright-report/', '.cache/'] },
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { playground: { rules: { 'one-way': oneWay } } },
    languageOptions: { parser },
    rules: {
      'playground/one-way': ['error', { rooms, separate, lateLoaders }],
      // Prettier sets the code; it breaks neither strings nor comments.
      'max-len': ['error', { code: 120 }],
    },
  },
  {
    files: ['app/**'],
    plugins: { 'react-hooks': reactHooks },
    rules: reactHooks.configs.recommended.rules,
  },
  {
    files: ['**/*.{test,bench}.{ts,tsx}', '**/testing/**', '**/testing.ts'],
    rules: { 'playground/one-way': 'off' },
  },
]
