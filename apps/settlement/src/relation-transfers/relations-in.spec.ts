import type { RelationTransferIn } from '#libs/application';
import { bearer, done, scriptedDoor } from '../../test/scripted-engine';

describe('POST /v1/relation-transfers-in/…/crediting', () => {
  it.each([
    ['no content type', {}],
    ['the content type of JSON, as a client sends it with everything', { 'content-type': 'application/json' }],
  ])('takes no body: %s', async (_how, headers) => {
    const asked: string[] = [];
    const credit = (transferInId: string) => {
      asked.push(transferInId);
      return Promise.resolve(done({ transferInId, stage: 'credited' } as RelationTransferIn));
    };
    const { app } = await scriptedDoor({ relationTransfers: { credit } });
    try {
      const url = '/v1/relation-transfers-in/0b7e8a52-3d64-4c6e-9d1f-2a5f1c7b9e10/crediting';
      const response = await app.inject({ method: 'POST', url, headers: { ...bearer('agency'), ...headers } });
      expect([response.statusCode, response.json()]).toMatchObject([200, { stage: 'credited', replayed: false }]);
      expect(asked).toHaveLength(1);
    } finally {
      await app.close();
    }
  });
});
