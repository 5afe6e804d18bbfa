import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'
import { lateLoaders, rooms, separate } from './rooms.config.js'
import { oneWay } from './scripts/lint/rooms.mjs'

const tests = ['**/*.{test,bench}.{ts,tsx}', '**/testing/**', '**/testing.ts', 'e2e/**']

export default tseslint.config(
  // AssemblyScript is no TypeScript: its compiler checks it.
  { ignores: ['src/wasm/assembly/', 'dist/', 'public/', 'runs/', 'test-results/', 'playwright-report/', '.cache/'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { playground: { rules: { 'one-way': oneWay } } },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'playground/one-way': ['error', { rooms, separate, lateLoaders }],
      'max-lines': ['error', { max: 350 }],
      // Prettier sets the code; it breaks neither strings nor comments.
      'max-len': ['error', { code: 120 }],
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Numbers in messages are the point of a message.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
    },
  },
  {
    files: ['app/**'],
    plugins: { 'react-hooks': reactHooks },
    rules: reactHooks.configs.recommended.rules,
  },
  {
    files: tests,
    rules: {
      'playground/one-way': 'off',
      'max-lines': 'off',
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['e2e/**'],
    rules: { 'playground/one-way': ['error', { rooms, separate, lateLoaders }] },
  },
  { files: ['src/cli/**'], rules: { 'no-console': 'off' } },
)
