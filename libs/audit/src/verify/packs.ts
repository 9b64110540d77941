import { hash } from 'node:crypto';
import { canonicalJson } from '#libs/kernel';
import { type Place, type Tally, words } from './checks';
import type { RecordedEvent } from './recorded';

type Pack = Readonly<{ packId: string; hash: string; proposedBy: string; approvedBy?: string; document?: unknown }>;

const HASH = words('政策包摘要与内容不符', 'the hash of a pack is not that of its document');
const NOT_PROPOSED = words('发布的政策包未曾提交', 'a pack was published that was not proposed so');
const ONE_PAIR = words('提交与复核为同一人', 'proposed and approved by one person');

const folded = (person: string): string => person.normalize('NFKC').replace(/\s+/g, '').toLowerCase();

/** Packs as proposed and published. `hash` is plain SHA-256 and is computed here anew. Source: log-format.md, 7 and 8. */
export class Packs {
  private readonly proposals = new Map<string, Pack>();

  constructor(private readonly tally: Tally) {}

  take({ type, data }: RecordedEvent, place: Place): void {
    this.tally.expect('packs');
    this.tally.checked('packs');
    const pack = data as Pack;
    if (type === 'PackProposed.v1') this.propose(pack, place);
    else this.publish(pack, place);
  }

  private propose(pack: Pack, place: Place): void {
    const expected = hash('sha256', canonicalJson(pack.document), 'hex');
    if (expected !== pack.hash) this.tally.find('packs', place, HASH, { expected, found: pack.hash });
    this.proposals.set(`${place.stream ?? ''} ${pack.packId}`, pack);
  }

  private publish({ packId, hash: stated, proposedBy, approvedBy = '' }: Pack, place: Place): void {
    const proposed = this.proposals.get(`${place.stream ?? ''} ${packId}`);
    if (proposed?.hash !== stated || proposed.proposedBy !== proposedBy) this.tally.find('packs', place, NOT_PROPOSED, { found: packId });
    if (folded(proposedBy) === folded(approvedBy)) this.tally.find('packs', place, ONE_PAIR, { found: approvedBy });
  }
}
