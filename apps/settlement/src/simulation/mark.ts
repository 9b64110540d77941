import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { ManualClock } from '#libs/application';
import { instantOf } from '#libs/kernel';
import { centred } from '../print/columns';
import { shanghaiTime } from '../print/html';

/** What every answer of a simulation says of itself. */
export type SimulationMark = Readonly<{ markZh: string; markEn: string; clock: string }>;

const MARK_ZH = '模拟数据，不作凭证';
const MARK_EN = 'simulation: no voucher, no payment';
const PRINT_COLUMNS = 48; // Those of 80 mm paper; on A4 it stands left of the middle.

export const markOf = ({ nowMs }: ManualClock): SimulationMark => ({ markZh: MARK_ZH, markEn: MARK_EN, clock: instantOf(nowMs()) });

/**
 * Marks whatever leaves the doors of a simulation: JSON gets a member `simulation`, a print its stamp, everything a header. Here and not
 * in each answer, so that none that is written later can go out without it. The log itself (`/v1/events`) goes out as it is: there the
 * mark is the first event.
 */
export const markAnswers = (fastify: FastifyInstance, clock: ManualClock): void => {
  fastify.addHook('onSend', async (request, reply, payload: unknown) => {
    const mark = markOf(clock);
    void reply.header('x-yika-simulation', mark.clock);
    const route = request.routeOptions.url ?? '';
    if (!(route.startsWith('/v1/') || route.startsWith('/health/'))) return payload;
    const type = String(reply.getHeader('content-type') ?? '');
    if (payload instanceof Readable) return request.method === 'POST' ? Readable.from(markedLines(payload, mark)) : payload;
    if (typeof payload !== 'string') return payload;
    if (/^application\/(problem\+)?json/.test(type)) return markedJson(payload, mark);
    if (type.startsWith('text/html')) return markedPage(payload, mark);
    return type.startsWith('text/plain') ? markedPrint(payload, mark) : payload;
  });
};

const stampOf = ({ clock }: SimulationMark): string => `【模拟 SIMULATION】${MARK_ZH} ${shanghaiTime(clock)}`;

export const markedJson = (text: string, mark: SimulationMark): string => {
  const end = text.lastIndexOf('}');
  if (!text.startsWith('{') || end < 0) return text;
  return `${text.slice(0, end)}${text.slice(1, end).trim() === '' ? '' : ','}"simulation":${JSON.stringify(mark)}}`;
};

export const markedPrint = (text: string, mark: SimulationMark): string => {
  const stamp = [centred('【模拟 SIMULATION】', PRINT_COLUMNS), centred(MARK_ZH, PRINT_COLUMNS), centred(MARK_EN, PRINT_COLUMNS)].join(
    '\n',
  );
  return `${stamp}\n${text}${stamp}\n${centred(shanghaiTime(mark.clock), PRINT_COLUMNS)}\n`;
};

export const markedPage = (text: string, mark: SimulationMark): string =>
  text.replace(/<body[^>]*>/, (body) => `${body}\n<p class="stamp">${stampOf(mark)}<br>${MARK_EN}</p>`);

async function* markedLines(lines: Readable, mark: SimulationMark): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of lines) {
    const [last = '', ...whole] = `${rest}${String(chunk)}`.split('\n').reverse();
    rest = last;
    for (const line of whole.reverse()) yield `${markedJson(line, mark)}\n`;
  }
  yield rest;
}
