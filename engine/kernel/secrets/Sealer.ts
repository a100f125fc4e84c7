import { seal, unseal } from './sealing.ts';

/** Encrypts and authenticates texts with the seal key of the site: every process opens what another one has sealed. */
export interface Sealer {
  /** Base64. `context` says what the text is, and whose: it cannot be opened as something else. */
  seal(text: string, context: string): string;
  /** @throws Error when it was sealed with another key or context, or is damaged */
  unseal(sealed: string, context: string): string;
}

export function createSealer(sealKey: string): Sealer {
  return {
    seal: (text, context) => seal(text, { sealKey, context: `sealer:${context}` }),
    unseal: (sealed, context) => unseal(sealed, { sealKey, context: `sealer:${context}` }),
  };
}
