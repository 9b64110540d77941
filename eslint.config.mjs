import tseslint from 'typescript-eslint';

const ban = (message, ...selectors) => ({ selector: selectors.join(', '), message });
const PURE = ['kernel', 'medical-account', 'institution', 'disbursement', 'cross-province'].map((room) => `libs/${room}/src/**/*.ts`);

export default tseslint.config(
  { ignores: ['dist/**', '**/*.{cjs,js,mjs}'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      'max-len': ['error', { code: 150 }],
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', 70],
      complexity: ['error', 12],
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: false }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
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
        'crypto',
        'performance',
      ],
      'no-restricted-syntax': [
        'error',
        ban(
          'No clock in a pure room: take `decidedAt` from the facts.',
          "NewExpression[callee.name='Date'][arguments.length=0]",
          "CallExpression[callee.name='Date']",
          "MemberExpression[object.name='Date'][property.name='now']",
        ),
        ban('No randomness in a pure room.', "MemberExpression[object.name='Math'][property.name='random']"),
        ban(
          'A pure room is types and plain, synchronous functions.',
          'ClassDeclaration',
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
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
