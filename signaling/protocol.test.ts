import { expect, it } from 'vitest';
import { renderProtocol } from './testing/renderProtocol.ts';

it('PROTOCOL.md describes the contract (to update it: npx vitest run signaling/protocol -u)', async () => {
  await expect(renderProtocol()).toMatchFileSnapshot('./PROTOCOL.md');
});
