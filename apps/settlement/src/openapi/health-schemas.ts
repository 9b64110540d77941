import { object, text, whole } from './schema-parts';

export const HEALTH_SCHEMAS = {
  Live: object({ status: { const: 'live' } }),
  Ready: object(
    {
      status: { const: 'ready' },
      readModels: {
        type: 'array',
        description: 'Projections whose lists and totals are not complete; left out when all of them are',
        items: object({
          projection: text,
          state: { enum: ['catchingUp', 'rebuilding', 'failed'] },
          behind: whole,
          messageZh: text,
          messageEn: text,
        }),
      },
    },
    { required: ['status'] },
  ),
};
