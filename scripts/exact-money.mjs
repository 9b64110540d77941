import { ESLintUtils } from '@typescript-eslint/utils';
import ts from 'typescript';

const MESSAGE = {
  fromText: 'Text does not become a number here: money is read by `parseYuan`; for a count say so with `Number.parseInt(text, 10)`.',
  toText: 'A number is not written with `{{name}}`: money is written by `formatYuan`.',
};

/**
 * Money is never a float: no `Number(text)`, `parseFloat(text)` or unary plus on text, and no `toFixed`/`toPrecision` of a number.
 * Typed, so that `Number(bigint)` of a store and `Decimal#toFixed` stay what they are.
 */
export const exactMoney = {
  meta: { type: 'problem', schema: [], messages: MESSAGE },
  create(context) {
    const services = ESLintUtils.getParserServices(context);
    const is = (node, flag) => {
      const type = services.getTypeAtLocation(node);
      return (type.isUnion() ? type.types : [type]).some((part) => (part.flags & flag) !== 0);
    };
    return {
      CallExpression(node) {
        const { callee, arguments: given } = node;
        const name = callee.type === 'MemberExpression' ? callee.property.name : callee.name;
        const readsText = name === 'parseFloat' || (callee.type === 'Identifier' && name === 'Number');
        if (readsText && given[0] && given[0].type !== 'SpreadElement' && is(given[0], ts.TypeFlags.StringLike))
          context.report({ node, messageId: 'fromText' });
        if (callee.type === 'MemberExpression' && /^to(Fixed|Precision)$/.test(name) && is(callee.object, ts.TypeFlags.NumberLike))
          context.report({ node, messageId: 'toText', data: { name } });
      },
    };
  },
};
