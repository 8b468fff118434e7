/** What the page's sources are held to, the borders between its features included. */
import js from '@eslint/js'
import reactHooks from 'eslint-plugin-react-hooks'
import globals from 'globals'
import tseslint from 'typescript-eslint'

const features = ['session', 'market', 'ticket', 'orders', 'portfolio']

/** A feature may use src/shared and itself; src/shared knows no feature; only src/app knows all. */
const borders = [
  ...features.map((feature) => ({
    files: [`src/features/${feature}/**`],
    rules: forbid(
      [...features.filter((other) => other !== feature).map((other) => `(features/|^(\\.\\./)+)${other}(/|$)`), '(^@|\\.\\.)/app(/|$)'],
      'Features do not know each other or the app: meet in src/shared.',
    ),
  })),
  {
    files: ['src/shared/**'],
    rules: forbid(['(^|/)features/', '(^@|\\.\\.)/app(/|$)'], 'What is shared knows neither features nor the app.'),
  },
]

function forbid(patterns, message) {
  return { 'no-restricted-imports': ['error', { patterns: patterns.map((regex) => ({ regex, message })) }] }
}

export default tseslint.config(
  { ignores: ['dist/', 'src/shared/api/schema.d.ts'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  reactHooks.configs.flat.recommended,
  { files: ['src/**', 'public/**'], languageOptions: { globals: globals.browser } },
  {
    files: ['src/**'],
    rules: {
      'max-lines': ['error', { max: 200, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['scripts/**', '*.config.*'], languageOptions: { globals: globals.node } },
  ...borders,
)
