import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const SOURCES = ['core/**/*.ts', 'electron/**/*.ts', 'proxy/**/*.ts', 'renderer/**/*.{ts,tsx}', 'test/**/*.{ts,tsx}'];

/** What the house forbids everywhere, beyond what the presets do. */
const HOUSE_SYNTAX = [
  { selector: 'TSEnumDeclaration', message: 'Write a union of literals instead of an enum.' },
  { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that has the idea.' },
  { selector: 'ForInStatement', message: 'Use Object.entries: for-in walks the prototype too.' },
];

const DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: a default export has no name to search for.',
};

export default defineConfig(
  { ignores: ['node_modules', 'dist', 'release', '.tsc', '.cache', 'coverage', 'test-results', 'test/**/fixtures/**/*.js'] },
  {
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always'],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-restricted-syntax': ['error', ...HOUSE_SYNTAX],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: SOURCES,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          'core/tsconfig.pure.json',
          'core/tsconfig.json',
          'electron/tsconfig.json',
          'proxy/tsconfig.json',
          'renderer/tsconfig.json',
          'test/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Numbers in sentences are what templates are for; objects and null in them stay errors.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // Functions answer promises because their interface does, whether or not this one has to wait.
      '@typescript-eslint/require-await': 'off',
      'max-lines': ['warn', { max: 250, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', ...HOUSE_SYNTAX, DEFAULT_EXPORT],
    },
  },
  {
    // The trade knows no screen: what it has to say it returns, records or hands to its caller.
    files: ['core/**/*.ts', 'electron/**/*.ts', 'renderer/**/*.{ts,tsx}'],
    ignores: ['core/cli/**'],
    rules: { 'no-console': 'error' },
  },
  {
    // React.lazy takes a module by its default export, and so do the tools that read a configuration.
    files: ['renderer/screens/*/*.tsx', '**/*.config.ts'],
    rules: { 'no-restricted-syntax': ['error', ...HOUSE_SYNTAX] },
  },
  {
    // What runs inside the app or a page is typed by whoever evaluates it: any.
    files: ['test/app/**/*.ts', 'test/renderer/**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['test/**/*.{ts,tsx}'],
    rules: {
      // A test asserts what it expects to be there; `!` on a value that is missing fails it, which is the point.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Vitest types its asymmetric matchers (expect.stringContaining) as any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      'max-lines': 'off',
    },
  },
  {
    files: ['core/setup/**/*.mjs', 'test/bench/**/*.mjs', '*.js', '*.cjs'],
    extends: [tseslint.configs.recommended],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
