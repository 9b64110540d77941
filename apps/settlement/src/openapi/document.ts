import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { CreditLineDto } from '../accounts/credits-batch.dto';
import { EnablementLineDto } from '../campaigns/enablement-batch.dto';
import { CardApplicationDto } from '../card-service/card-service.dto';
import { DisposalLineDto } from '../card-service/disposal.dto';
import { INSTITUTION_ACTS } from '../institutions/institution.dto';
import { SCHEMAS } from './schemas';

const ACT_FORMS = [...new Set(Object.values(INSTITUTION_ACTS).map(({ form }) => form))];

/** The interface as OpenAPI 3.1, sorted, so that the same door always gives the same text. */
export const openApiDocument = (app: INestApplication): OpenAPIObject => {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Yika (一卡): settlement engine')
    .setDescription(
      [
        'Settles swipes against medical personal accounts. Amounts are yuan as text.',
        'Every answer that is no success is a problem (RFC 9457) whose code is explained under /problems/{code}.',
        'Every write may be repeated: the same serial or reference with the same content gets the same answer.',
      ].join(' '),
    )
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'yk_<id>_<secret>' }, 'accessKey')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    extraModels: [...ACT_FORMS, CreditLineDto, CardApplicationDto, EnablementLineDto, DisposalLineDto],
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
  });
  const forms = document.components?.schemas ?? {};
  const schemas = { ...forms, ...SCHEMAS, InstitutionOrder: institutionOrder() };
  return sorted({ ...document, components: { ...document.components, schemas } }) as OpenAPIObject;
};

const institutionOrder = (): object => ({
  ...SCHEMAS.InstitutionOrder,
  oneOf: ACT_FORMS.map(({ name }) => ({ $ref: `#/components/schemas/${name}` })),
  discriminator: {
    propertyName: 'act',
    mapping: Object.fromEntries(Object.entries(INSTITUTION_ACTS).map(([act, { form }]) => [act, `#/components/schemas/${form.name}`])),
  },
});

/** Names in order at every depth; the order of lists has a meaning and stays. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]: [string, unknown]) => [name, sorted(inner)]),
  );
};
