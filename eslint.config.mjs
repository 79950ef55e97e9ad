// What the compiler does not know of the house: strict types everywhere, imports one way only.

import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { oneWayImports } from './scripts/lint/one-way-imports.mjs';

export default defineConfig(
  { ignores: ['build/', 'test/fixtures/', 'test/golden/**/*.h'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { house: { rules: { 'one-way-imports': oneWayImports } } },
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      'house/one-way-imports': 'error',
      eqeqeq: 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      // A number in a message needs no ceremony.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Nothing to do is a plain thing to say of a callback.
      '@typescript-eslint/no-empty-function': ['error', { allow: ['arrowFunctions', 'methods'] }],
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_' }],
      // What behaves like a stream is one, whoever made it.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // `cond && act()` and callbacks that return what they call are plain enough.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // An index signature is asked by name where the name is another program's (`env['HOME']`).
      '@typescript-eslint/dot-notation': 'off',
    },
  },
  {
    // A chart is one table, and the cases of one function stand together.
    files: [
      'machines/client.ts',
      'machines/container.ts',
      'machines/server.ts',
      'test/model.test.ts',
    ],
    rules: { 'max-lines': 'off' },
  },
  {
    // node:test's functions return promises that the runner itself awaits.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['describe', 'it', 'suite', 'test'] },
          ],
        },
      ],
    },
  },
  {
    // A command line loads what its command needs, and no more.
    files: ['cli/commands.ts', 'cli/client-addon.ts'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    // What a script imports loads as little as it can: the rest is required where it is needed.
    files: ['runtime/**/*.ts'],
    rules: {
      '@typescript-eslint/no-require-imports': 'off',
      // Functions of Node's that are wrapped get their `this` from Reflect.apply.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
