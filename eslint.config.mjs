import tseslint from 'typescript-eslint';
import { exactMoney } from './scripts/exact-money.mjs';

const ban = (message, ...selectors) => ({ selector: selectors.join(', '), message });
const sources = (...rooms) => rooms.map((room) => `libs/${room}/src/**/*.ts`);
const RULES = sources('medical-account', 'institution', 'access', 'card-service', 'disbursement', 'cross-province');
const PURE = [...RULES, ...sources('kernel', 'policy')];

export default tseslint.config(
  { ignores: ['dist/**', 'data/**', '**/golden/**', '**/*.{cjs,js,mjs}'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-len': ['error', { code: 150 }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 12],
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }], // Names are counted by code points, some beyond the BMP.
      '@typescript-eslint/require-await': 'off', // A port promises: `async` turns a throw into a rejection, waiting or not.
      '@typescript-eslint/no-generated-empty-object-type': 'off', // `Record<never, never>` is how a command without fields is written.
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    // Constructors of injected classes take what Nest hands them, one parameter a part; the types must stay for the decorator metadata.
    files: ['apps/**/*.{controller,module,handler,dto,guard,filter,interceptor}.ts'],
    rules: { 'max-params': ['error', 6], '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    files: ['libs/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    plugins: { yika: { rules: { 'exact-money': exactMoney } } },
    rules: { 'yika/exact-money': 'error' },
  },
  {
    // Rules about facts: a new kind of event, command or refusal must be met by every switch; a default would hide it.
    files: RULES,
    rules: { '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: false }] },
  },
  {
    files: PURE,
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        'process',
        'console',
        'fetch',
        'setTimeout',
        'setInterval',
        'setImmediate',
        'queueMicrotask',
        'crypto',
        'performance',
        'Intl',
      ],
      'no-restricted-syntax': [
        'error',
        ban(
          'No clock in a pure room: take `decidedAt` from the facts.',
          "NewExpression[callee.name='Date'][arguments.length=0]",
          "CallExpression[callee.name='Date']",
          "MemberExpression[object.name='Date'][property.name='now']",
        ),
        ban(
          'The zone and language of the machine decide nothing: use the kernel’s business dates, and compare by code units.',
          'CallExpression[callee.property.name=/^get(FullYear|Month|Date|Day|Hours|Minutes|TimezoneOffset)$/]',
          'CallExpression[callee.property.name=/^(localeCompare|toLocale[A-Za-z]*)$/]',
        ),
        ban(
          'No randomness in a pure room.',
          "MemberExpression[object.name='Math'][property.name='random']",
          'ImportSpecifier[imported.name=/^random/]',
        ),
        ban(
          'A pure room is types and plain, synchronous functions.',
          'ClassDeclaration',
          'ClassExpression',
          'Decorator',
          'AwaitExpression',
          ':function[async=true]',
        ),
        ban('Text becomes money in `parseYuan` only.', 'CallExpression[callee.name=/^(Number|parseFloat|parseInt)$/]'),
      ],
    },
  },
  {
    files: ['**/*.spec.ts', 'test/**'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
