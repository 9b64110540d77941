import { bearer, done, LINES, scriptedDoor, standing } from './scripted-engine';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const columns = (line: string) => [...line].reduce((sum, character) => sum + (character.charCodeAt(0) > 0x2e80 ? 2 : 1), 0);
const widthOf = (text: string) => Math.max(...text.split('\n').map(columns));

describe('GET …/receipt', () => {
  const receipt = async (print: number, state: 'live' | 'partlyUndone' | 'undone', query = '') => {
    const { app } = await scriptedDoor({
      settlements: { find: async () => standing(state), lines: async () => LINES, countPrint: async () => done(print) },
      institutions: { view: async () => ({ name: '示例大药房' }) },
    });
    closing.push(() => app.close());
    return app.inject({ url: `/v1/settlements/P1/1/receipt${query}`, headers: bearer('p1') });
  };

  it('prints 80 mm text that no line of is wider than the paper', async () => {
    const response = await receipt(1, 'live');
    expect(response.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(response.body).toContain('示例大药房');
    expect(response.body).toMatch(/个人账户支付 +50\.00\n/);
    expect(response.body).toContain('正本');
    expect(widthOf(response.body)).toBe(48);
  });

  it('prints A4 text as wide as the page', async () => {
    const { headers, body } = await receipt(1, 'live', '?paper=A4');
    expect([headers['content-type'], widthOf(body)]).toEqual(['text/plain; charset=utf-8', 80]);
    expect(body).toMatch(/个人账户支付 {63}50\.00\n/);
  });

  it('says which reprint it is, and that it has been undone', async () => {
    expect((await receipt(3, 'undone')).body).toMatch(/【已撤销】[\s\S]*重打第2次/);
    expect((await receipt(2, 'partlyUndone')).body).toMatch(/【部分撤销】[\s\S]*重打第1次/);
  });

  it('prints a page for either paper, with names escaped', async () => {
    const { headers, body } = await receipt(1, 'live', '?format=html&paper=A4');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body).toContain('size:A4');
    expect(body).toContain('&#60;0.5g&#62;');
    expect((await receipt(1, 'live', '?format=html')).body).toContain('size:80mm');
  });
});

it('an auditor looks at a receipt and prints none', async () => {
  const { app } = await scriptedDoor({
    settlements: { find: async () => standing('live'), lines: async () => LINES }, // Counting a print is not in the script.
    institutions: { view: async () => ({ name: '示例大药房' }) },
  });
  closing.push(() => app.close());
  const { statusCode, body } = await app.inject({ url: '/v1/settlements/P1/1/receipt', headers: bearer('auditor') });
  expect([statusCode, body.includes('稽核查阅件')]).toEqual([200, true]);
});

it('an account is not shown as of what has not happened', async () => {
  const { app } = await scriptedDoor({ accounts: { view: async () => ({ revision: 3 }) } });
  closing.push(() => app.close());
  const asOf = async (text: string) =>
    (await app.inject({ url: `/v1/accounts/A1/?asOf=${text}`, headers: bearer('agency') })).json<object>();
  expect(await asOf('2999-01-01T00:00:00Z')).toMatchObject({ status: 400, reasons: [{ field: 'asOf' }] });
  expect(await asOf('4')).toMatchObject({ status: 400, reasons: [{ field: 'asOf' }] });
});
