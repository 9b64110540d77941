import type { Command } from '#libs/kernel';
import type { Keyed, TransferPlace } from '../vocabulary';

export type SealSubAccount = Command<'SealSubAccount', Keyed & { cardId: string; reason: string }>;
export type UnsealSubAccount = Command<'UnsealSubAccount', Keyed & { cardId: string; reason: string }>;
/** `place`: where the holder has applied for it; null: the agency's own order. */
export type TransferBalance = Command<'TransferBalance', Keyed & { fromCardId: string; toCardId: string; place: TransferPlace | null }>;
