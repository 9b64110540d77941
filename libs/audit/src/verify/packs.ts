import { hash } from 'node:crypto';
import { canonicalJson } from '#libs/kernel';
import { type Place, type Tally, words } from './checks';
import type { RecordedEvent } from './recorded';

const HASH = words('政策包摘要与内容不符', 'the hash of a pack is not that of its document');
const NOT_PROPOSED = words('发布的政策包未曾提交', 'a pack was published that was not proposed so');
const ONE_PAIR = words('提交与复核为同一人', 'proposed and approved by one person');

const folded = (person: string): string => person.normalize('NFKC').replace(/\s+/g, '').toLowerCase();

/** Packs as proposed and published. `hash` is plain SHA-256 and is computed here anew. Source: log-format.md, 7 and 8. */
export class Packs {
  private readonly proposals = new Map<string, Readonly<{ hash: string; proposedBy: string; document: unknown }>>();

  constructor(private readonly tally: Tally) {}

  take({ type, data }: RecordedEvent, place: Place): void {
    this.tally.expect('packs');
    this.tally.checked('packs');
    const { packId, hash: stated, proposedBy, approvedBy, document } = data as Readonly<Record<string, string>>;
    const id = `${place.stream} ${packId}`;
    if (type === 'PackProposed.v1') {
      const expected = hash('sha256', canonicalJson(document), 'hex');
      if (expected !== stated) this.tally.find('packs', place, HASH, { expected, found: stated ?? null });
      this.proposals.set(id, { hash: stated ?? '', proposedBy: proposedBy ?? '', document });
      return;
    }
    const proposed = this.proposals.get(id);
    if (proposed?.hash !== stated || proposed?.proposedBy !== proposedBy)
      this.tally.find('packs', place, NOT_PROPOSED, { found: packId ?? null });
    if (folded(proposedBy ?? '') === folded(approvedBy ?? '')) this.tally.find('packs', place, ONE_PAIR, { found: approvedBy ?? null });
  }
}
